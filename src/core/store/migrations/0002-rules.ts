/** Rules of recording, and what they have started for whom. */
export const rulesTables = `
CREATE TABLE rules (
  id TEXT PRIMARY KEY,
  saved_at_ms INTEGER NOT NULL,
  rule TEXT NOT NULL
) STRICT;

CREATE TABLE rule_entries (
  rule_id TEXT NOT NULL,
  key TEXT NOT NULL,
  entry TEXT NOT NULL,
  PRIMARY KEY (rule_id, key)
) STRICT, WITHOUT ROWID;
`;
