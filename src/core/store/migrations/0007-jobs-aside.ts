/** Rows of jobs that could not be read: kept for who looks into the file, and no job any more. */
export const jobsAside = `
CREATE TABLE jobs_aside (
  id TEXT PRIMARY KEY,
  server_id TEXT NOT NULL,
  requested_at_ms INTEGER NOT NULL,
  room_name TEXT NOT NULL,
  egress_id TEXT,
  state TEXT NOT NULL
) STRICT;
`;
