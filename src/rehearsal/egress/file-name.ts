import { type SegmentedFileOutput, SegmentedFileSuffix } from '@livekit/protocol';
import { isAbsolute, posix, relative, resolve, sep } from 'node:path';

/** What stands for the names in braces of a path. What is undefined stays as it was written, as in egress. */
export interface NameParts {
  /** What a file without a name is called after: room, person, track, `web`. */
  readonly identifier: string;
  readonly atMs: number;
  readonly roomName?: string;
  readonly roomId?: string;
  readonly publisherIdentity?: string;
  readonly trackId?: string;
  readonly trackType?: string;
  readonly trackSource?: string;
}

export type FileEnding = '.mp4' | '.ogg' | '.mp3' | '.webm';
const knownEndings = /\.(mp4|ogg|mp3|m3u8|ts|webm|jpeg|jpg)$/i;

/**
 * The file name that egress makes of a request's `filepath`: names in braces filled in, the ending put right, a folder
 * completed by `<identifier>-<time>`. `{time}` and `{utc}` are both local time of the host, as in egress itself.
 */
export function fileName(filepath: string, ending: FileEnding, parts: NameParts): string {
  return withEnding(fillNames(named(filepath, parts), parts), ending);
}

/** The paths of an HLS output: what is left out is made of what is there. */
export function segmentNames(
  output: Pick<SegmentedFileOutput, 'filenamePrefix' | 'playlistName' | 'livePlaylistName'>,
  parts: NameParts,
): { readonly prefix: string; readonly playlist: string; readonly livePlaylist: string } {
  const asked = { prefix: fillNames(output.filenamePrefix, parts), playlist: fillNames(output.playlistName, parts) };
  const base = asked.prefix || withoutEnding(asked.playlist) || fillNames(named('', parts), parts);
  const prefix = base.endsWith('/') ? `${base}${fillNames(named('', parts), parts)}` : base;
  const folder = posix.dirname(prefix);
  const inFolder = (name: string): string =>
    name === '' || folder === '.' || name.includes('/') ? name : posix.join(folder, name);
  return {
    prefix,
    playlist: withEnding(inFolder(asked.playlist || posix.basename(prefix)), '.m3u8'),
    livePlaylist:
      output.livePlaylistName === '' ? '' : withEnding(inFolder(fillNames(output.livePlaylistName, parts)), '.m3u8'),
  };
}

/** The first part of the names of an image output. */
export function imagePrefix(prefix: string, parts: NameParts): string {
  return fillNames(named(prefix, parts), parts);
}

/** `_00003` or `_20261128174501123`. */
export function numbered(suffix: SegmentedFileSuffix, index: number, atMs: number): string {
  return suffix === SegmentedFileSuffix.TIMESTAMP ? `_${localTime(atMs).digits}` : `_${String(index).padStart(5, '0')}`;
}

/** Where the file really goes: always inside `folder`; null for a path that leads out of it. */
export function placeIn(folder: string, name: string): string | null {
  const place = resolve(folder, name);
  const inside = relative(folder, place);
  return inside === '' || inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside) ? null : place;
}

function named(path: string, parts: NameParts): string {
  return path === '' || path.endsWith('/') ? `${path}${parts.identifier}-{time}` : path;
}

function fillNames(path: string, parts: NameParts): string {
  const time = localTime(parts.atMs);
  const names: Readonly<Record<string, string | undefined>> = {
    room_name: parts.roomName,
    room_id: parts.roomId,
    time: time.name,
    utc: time.digits,
    publisher_identity: parts.publisherIdentity,
    track_id: parts.trackId,
    track_type: parts.trackType,
    track_source: parts.trackSource,
    retry: '0',
  };
  return straight(path).replaceAll(/\{(\w+)\}/g, (whole, name: string) => names[name] ?? whole);
}

/** The path made straight, and without a way out: before the names are filled in, as in egress. */
function straight(path: string): string {
  return path === '' ? '' : posix.normalize(path).replace(/^(\.\.\/)+/, '');
}

function withEnding(path: string, ending: FileEnding | '.m3u8'): string {
  return knownEndings.test(path) ? path.replace(knownEndings, ending) : path + ending;
}

function withoutEnding(path: string): string {
  return path.replace(knownEndings, '');
}

function localTime(atMs: number): { readonly name: string; readonly digits: string } {
  const at = new Date(atMs);
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = [String(at.getFullYear()), two(at.getMonth() + 1), two(at.getDate())];
  const clock = two(at.getHours()) + two(at.getMinutes()) + two(at.getSeconds());
  return {
    name: `${day.join('-')}T${clock}`,
    digits: day.join('') + clock + String(at.getMilliseconds()).padStart(3, '0'),
  };
}
