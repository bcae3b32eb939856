/** A rule writes a file, segments, or both: its file has become one of its outputs. */
export const ruleOutputs = `
UPDATE rules SET rule = json_remove(
  json_set(rule, '$.outputs', json_object(
    'file', json_object(
      'fileType', 'mp4',
      'filePath', json_extract(rule, '$.filePath'),
      'hasManifest', json(iif(json_extract(rule, '$.hasManifest'), 'true', 'false')),
      'storageId', json_extract(rule, '$.storageId')
    ),
    'segments', NULL
  )),
  '$.filePath', '$.hasManifest', '$.storageId'
) WHERE json_valid(rule);
`;
