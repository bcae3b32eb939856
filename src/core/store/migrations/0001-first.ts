/** The first schema. What a part keeps whole lies in a JSON column; what is asked for lies beside it. */
export const first = `
CREATE TABLE jobs (
  id TEXT PRIMARY KEY,
  server_id TEXT NOT NULL,
  requested_at_ms INTEGER NOT NULL,
  is_running INTEGER NOT NULL,
  state TEXT NOT NULL
) STRICT;
CREATE INDEX jobs_by_time ON jobs (requested_at_ms);
CREATE INDEX jobs_running ON jobs (is_running) WHERE is_running = 1;

CREATE TABLE caption_sessions (
  id TEXT PRIMARY KEY,
  server_id TEXT NOT NULL,
  asked_at_ms INTEGER NOT NULL,
  is_running INTEGER NOT NULL,
  last_heard_ms INTEGER NOT NULL DEFAULT 0,
  session TEXT NOT NULL
) STRICT;
CREATE INDEX caption_sessions_by_server ON caption_sessions (server_id, asked_at_ms);

CREATE TABLE caption_entries (
  session_id TEXT NOT NULL REFERENCES caption_sessions (id) ON DELETE CASCADE,
  id TEXT NOT NULL,
  type TEXT NOT NULL,
  seq INTEGER NOT NULL,
  start_ms REAL NOT NULL,
  entry TEXT NOT NULL,
  PRIMARY KEY (session_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE incidents (
  id TEXT PRIMARY KEY,
  at_ms INTEGER NOT NULL,
  incident TEXT NOT NULL
) STRICT;
CREATE INDEX incidents_by_time ON incidents (at_ms);

CREATE TABLE limits (
  server_id TEXT NOT NULL,
  id TEXT NOT NULL,
  source TEXT NOT NULL,
  value INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  note TEXT NOT NULL,
  PRIMARY KEY (server_id, id, source)
) STRICT, WITHOUT ROWID;

CREATE TABLE kept_values (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`;
