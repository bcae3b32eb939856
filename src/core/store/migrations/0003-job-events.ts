/** What each job went through, and what its history is searched by. */
export const jobEvents = `
CREATE TABLE job_events (
  job_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  type TEXT NOT NULL,
  told TEXT NOT NULL,
  said TEXT NOT NULL,
  event TEXT NOT NULL,
  PRIMARY KEY (job_id, seq)
) STRICT, WITHOUT ROWID;

ALTER TABLE jobs ADD COLUMN room_name TEXT NOT NULL DEFAULT '';
ALTER TABLE jobs ADD COLUMN kind TEXT NOT NULL DEFAULT '';
ALTER TABLE jobs ADD COLUMN phase TEXT NOT NULL DEFAULT '';
ALTER TABLE jobs ADD COLUMN words TEXT NOT NULL DEFAULT '';
UPDATE jobs SET
  room_name = coalesce(json_extract(state, '$.roomName'), ''),
  kind = coalesce(json_extract(state, '$.request.kind'), ''),
  phase = coalesce(json_extract(state, '$.phase'), ''),
  words = lower(coalesce(json_extract(state, '$.title'), '') || ' ' || coalesce(json_extract(state, '$.roomName'), ''))
WHERE json_valid(state);
`;
