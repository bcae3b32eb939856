/** Which egress a job had: one that the server still lists is no new one, however long ago the job ended. */
export const jobEgress = `
ALTER TABLE jobs ADD COLUMN egress_id TEXT;
UPDATE jobs SET egress_id = json_extract(state, '$.egress.egressId') WHERE json_valid(state);
CREATE INDEX jobs_by_egress ON jobs (server_id, egress_id);
`;
