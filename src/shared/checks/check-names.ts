import type { EgressRequest } from '../model/job-request.ts';
import { warn, type CheckContext, type Finding } from './finding.ts';
import { programOf } from './program.ts';

/** What egress fills in, by kind; anything else stays in the name as it is written. */
const always = ['time', 'utc', 'retry'];
const ofRoom = [...always, 'room_name', 'room_id'];
const ofPerson = [...ofRoom, 'publisher_identity'];
const ofTrack = [...ofPerson, 'track_id', 'track_type', 'track_source'];
const filledIn: Readonly<Record<EgressRequest['kind'], readonly string[]>> = {
  web: always,
  'room-composite': ofRoom,
  template: ofRoom,
  // A track as it comes is of one person; other media fill in the room alone.
  media: ofPerson,
  participant: ofPerson,
  'track-composite': ofPerson,
  track: ofTrack,
};
const endings = { mp4: 'mp4', ogg: 'ogg', mp3: 'mp3' } as const;

/** Names that come out otherwise than they are written. */
export function checkNames(request: EgressRequest, { serverKind }: CheckContext): readonly Finding[] {
  return namesOf(request).flatMap(({ field, name, isFile, fileType }) => {
    const found: Finding[] = [];
    const unknown = placeholders(name).filter((one) => !filledIn[request.kind].includes(one));
    if (unknown.length > 0)
      found.push(warn(field, `This kind does not fill in {${unknown.join('}, {')}}: it stays in the name as it is.`));
    if (name !== '' && name.trim() === '') found.push(warn(field, 'The name is blank.'));
    if (name.startsWith('../')) found.push(warn(field, 'A leading ../ is dropped by egress.'));
    if (!isFile) return found;
    const ending = /\.(mp4|ogg|mp3|webm|ts|m3u8|ivf|raw)$/i.exec(name)?.[1]?.toLowerCase();
    if (ending !== undefined && fileType !== undefined && ending !== endings[fileType])
      found.push(warn(field, `The ending becomes .${endings[fileType]}, the type of the file.`));
    // Only the Cloud is known to start a job again by itself.
    const mayBeTriedAgain = serverKind === undefined || serverKind === 'cloud';
    if (mayBeTriedAgain && name !== '' && !name.endsWith('/') && !name.includes('{retry}'))
      found.push(
        warn(
          field,
          'Without {retry} in the name, a server that tries the job again may refuse, or overwrite the file.',
        ),
      );
    return found;
  });
}

const placeholders = (name: string): readonly string[] =>
  Array.from(name.matchAll(/\{(\w+)\}/g), ([, one = '']) => one);

interface Name {
  readonly field: string;
  readonly name: string;
  readonly isFile?: boolean;
  readonly fileType?: keyof typeof endings | undefined;
}
function namesOf(request: EgressRequest): readonly Name[] {
  if (request.kind === 'track')
    return request.output.to === 'file'
      ? [{ field: 'output.filePath', name: request.output.filePath, isFile: true }]
      : [];
  const program = programOf(request);
  if (!program) return [];
  const { file, segments, images } = program.outputs;
  const at = `${program.at}outputs`;
  const list: Name[] = images.map(({ filenamePrefix }, index) => ({
    field: `${at}.images.${index}.filenamePrefix`,
    name: filenamePrefix,
  }));
  if (file)
    list.push({
      field: `${at}.file.filePath`,
      name: file.filePath,
      isFile: true,
      fileType: file.fileType === 'default' ? undefined : file.fileType,
    });
  if (segments)
    for (const field of ['filenamePrefix', 'playlistName', 'livePlaylistName'] as const)
      list.push({ field: `${at}.segments.${field}`, name: segments[field] });
  return list;
}
