import type { Outputs } from '../model/job-request.ts';
import { refuse, warn, type Finding } from './finding.ts';
import type { Program } from './program.ts';

type Sound = 'aac' | 'opus' | 'mp3';
/** What each output takes, by egress' own table: a job has one sound for all of its outputs. */
const soundOf = { mp4: ['aac', 'opus'], ogg: ['opus'], mp3: ['mp3'], stream: ['aac'], segments: ['aac'] } as const;

/** Outputs that no job can make, alone or beside one another. */
export function checkOutputs(program: Program): readonly Finding[] {
  return [...checkThatThereAreSome(program), ...checkSound(program), ...checkPicture(program), ...checkLists(program)];
}

function checkThatThereAreSome({ outputs: { file, stream, segments, images }, at }: Program): readonly Finding[] {
  const others = [file, segments, ...images].filter((output) => output !== null).length;
  if (!stream && others === 0)
    return [refuse(`${at}outputs`, 'Choose what it makes: a file, a stream, segments or images.')];
  if (stream && stream.destinationIds.length === 0 && others === 0)
    return [refuse(`${at}outputs.stream`, 'A stream alone needs an address; beside a file it can wait for one.')];
  return [];
}

/** One sound has to suit every output. */
function checkSound({ outputs, encoding, hasSound, picture, at }: Program): readonly Finding[] {
  const wanted = encoding.use === 'advanced' ? encoding.audioCodec : 'default';
  const takers = takersOf(outputs);
  const fits = (sound: Sound): boolean => takers.every((taker) => taker.takes.includes(sound));
  if (!takers.every(() => (['aac', 'opus', 'mp3'] as const).some(fits))) {
    const names = takers.map(({ name }) => name);
    return [
      refuse(
        `${at}outputs.file.fileType`,
        `${capital(listed(names))} cannot be made by one job: they take no common sound format. Take MP4.`,
      ),
    ];
  }
  if (wanted !== 'default' && hasSound) {
    const taker = takers.find(({ takes }) => !takes.includes(wanted));
    if (taker)
      return [
        refuse(
          `${at}encoding.audioCodec`,
          `${capital(taker.name)} takes no ${wanted.toUpperCase()}, but ${taker.takes.map((one) => one.toUpperCase()).join(' or ')}.`,
        ),
      ];
  }
  const { file } = outputs;
  if (file && (file.fileType === 'ogg' || file.fileType === 'mp3') && picture !== false) {
    const text = `${file.fileType.toUpperCase()} holds sound only`;
    return [
      refuse(
        `${at}outputs.file.fileType`,
        picture === 'maybe'
          ? `${text}, and this kind always makes room for a picture. Take MP4.`
          : `${text}. Take MP4, or record the sound alone.`,
      ),
    ];
  }
  return [];
}

interface Taker {
  readonly name: string;
  readonly takes: readonly Sound[];
}
function takersOf({ file, stream, segments }: Outputs): readonly Taker[] {
  const list: Taker[] = [];
  if (file && file.fileType !== 'default')
    list.push({ name: `an ${file.fileType.toUpperCase()} file`, takes: soundOf[file.fileType] });
  if (stream) list.push({ name: `an ${stream.protocol.toUpperCase()} stream`, takes: soundOf.stream });
  if (segments) list.push({ name: 'HLS', takes: soundOf.segments });
  return list;
}
/** "a, b and c". */
const listed = (names: readonly string[]): string =>
  [names.slice(0, -1).join(', '), ...names.slice(-1)].filter(Boolean).join(' and ');
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function checkPicture({ kind, picture, outputs: { file, images }, at }: Program): readonly Finding[] {
  const found: Finding[] = [];
  if (picture === false && images.length > 0)
    found.push(refuse(`${at}outputs.images`, 'There is no picture to take images of: this job records sound only.'));
  // Measured: MP4 for a person with a microphone alone, and a name in .ogg became .mp4.
  if (kind === 'participant' && file?.fileType === 'default')
    found.push(
      warn(`${at}outputs.file.fileType`, 'The file becomes MP4, even of a person who has a microphone alone.'),
    );
  return found;
}

function checkLists({ kind, outputs: { stream, segments, images }, at }: Program): readonly Finding[] {
  const found: Finding[] = [];
  if (stream && new Set(stream.destinationIds).size < stream.destinationIds.length)
    found.push(
      refuse(
        `${at}outputs.stream.destinationIds`,
        'An address is there twice. The server would take both, and could remove neither.',
      ),
    );
  // LiveKit hides the keys of images from those who list jobs only where there is exactly one set of them.
  const isOld = kind !== 'media' && kind !== 'template';
  if (isOld && images.length > 1 && images.some(({ storageId }) => storageId !== null))
    found.push(
      warn(
        `${at}outputs.images`,
        'With more than one set of images the server shows the keys of their storage to everybody who may list jobs.',
      ),
    );
  if (segments) found.push(...checkPlaylists(segments, `${at}outputs.segments`));
  return found;
}

function checkPlaylists(
  { playlistName, livePlaylistName }: NonNullable<Outputs['segments']>,
  at: string,
): readonly Finding[] {
  if (livePlaylistName === '') return [];
  if (withEnding(livePlaylistName) === withEnding(playlistName))
    return [refuse(`${at}.livePlaylistName`, 'The live playlist needs another name than the playlist.')];
  if (playlistName !== '' && folderOf(livePlaylistName) !== folderOf(playlistName))
    return [refuse(`${at}.livePlaylistName`, 'The live playlist must lie in the same folder as the playlist.')];
  return [];
}
const withEnding = (name: string): string => (name.endsWith('.m3u8') ? name : `${name}.m3u8`);
const folderOf = (name: string): string => name.slice(0, name.lastIndexOf('/') + 1);
