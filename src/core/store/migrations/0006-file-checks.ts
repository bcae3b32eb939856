/** What was found of the files of ended jobs, the newest look at each. */
export const fileChecks = `
CREATE TABLE file_checks (
  job_id TEXT NOT NULL,
  file_id TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  found TEXT NOT NULL,
  PRIMARY KEY (job_id, file_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX file_checks_by_time ON file_checks (at_ms);
`;
