import type { EgressRequest } from '../model/job-request.ts';
import type { Track } from '../model/room.ts';

/** What egress fills a name in with. What is left out is not known here, and stays as it is written. */
export interface NameFacts {
  readonly kind: EgressRequest['kind'];
  readonly roomName: string;
  readonly roomSid?: string | undefined;
  /** Of the person, or of the owner of the track. */
  readonly identity?: string | undefined;
  readonly track?: Pick<Track, 'sid' | 'kind' | 'source' | 'codec'> | undefined;
  /** `default`: egress takes the container that fits. */
  readonly fileType: 'default' | 'mp4' | 'ogg' | 'mp3';
  readonly isSoundOnly: boolean;
  /** By this computer's clock; egress fills in the local time of its own host. */
  readonly atMs: number;
}

/**
 * The name that egress makes of a template for one file: the path made straight, fields filled in, the ending set right, and
 * a name of its own where the template is empty or a folder (livekit/egress, `output_file.go`).
 */
export function fileNameOf(template: string, facts: NameFacts): string {
  const filled = filledIn(template.trim(), facts);
  const named = filled === '' || filled.endsWith('/') ? `${filled}${ownName(facts)}-${timeOf(facts.atMs)}` : filled;
  return withEnding(named, endingOf(facts));
}

/** What is worth knowing of a name that was made: characters and forms that storages or programs trip over. */
export function troubleOf(name: string): readonly string[] {
  const found: string[] = [];
  const written = name.replace(/\{\w+\}/g, ''); // fields that only the server can fill in
  const odd = new Set(Array.from(written.matchAll(/[\\^`~<>"|*?:#%&@$=+;,[\]{}\p{Cc}]/gu), ([one]) => one));
  const shown = Array.from(odd, (one) => (/\p{Cc}/u.test(one) ? 'a control character' : one));
  if (odd.size > 0) found.push(`Storages, links or programs may trip over ${shown.join(' ')} in the name.`);
  if (/\s/.test(name)) found.push('A blank in the name becomes %20 or + in links.');
  if (name.startsWith('/')) found.push('A leading / makes a folder without a name in most storages.');
  if (name.includes('//')) found.push('Two slashes together make a folder without a name.');
  if (/(^|\/)\.{1,2}(\/|$)/.test(name)) found.push('Parts that are . or .. are read in different ways by storages.');
  if (bytesOf(name) > 1_024) found.push('The name is longer than the 1,024 bytes of a storage.');
  // Egress writes each file to its own disk first, under the last part of its name.
  if (bytesOf(name.split('/').at(-1) ?? '') > 255)
    found.push('The name is longer than the 255 bytes of a disk: egress cannot write the file.');
  return found;
}

const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

/** True where no two recordings come out under the same name. */
export const hasTime = (template: string): boolean =>
  template.trim() === '' || template.trim().endsWith('/') || /\{(time|utc)\}/.test(template);

/** As Go's `path.Clean`, and without a way out of the folder: done before the fields are filled in. */
function straight(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  const root = path.startsWith('/') ? '/' : '';
  return root + parts.join('/') + (parts.length > 0 && path.endsWith('/') ? '/' : '');
}

/** A template with its fields filled in, where they are known, and its path made straight. */
export function filledIn(
  template: string,
  { kind, roomName, roomSid, identity, track, atMs }: Omit<NameFacts, 'fileType' | 'isSoundOnly'>,
): string {
  const isOfRoom = kind !== 'web';
  const isOfPerson = kind === 'participant' || kind === 'track-composite' || kind === 'track' || kind === 'media';
  const isOfTrack = kind === 'track';
  const values: Readonly<Record<string, string | undefined>> = {
    time: timeOf(atMs),
    utc: stampOf(atMs),
    room_name: isOfRoom ? roomName : undefined,
    room_id: isOfRoom ? roomSid : undefined,
    publisher_identity: isOfPerson ? identity : undefined,
    track_id: isOfTrack ? track?.sid : undefined,
    track_type: isOfTrack ? track?.kind : undefined,
    track_source: isOfTrack ? track?.source.replaceAll('-', '_') : undefined,
    // Filled in where a server tries a job again; the first try is 0.
    retry: '0',
  };
  return straight(template).replace(/\{(\w+)\}/g, (all, field: string) =>
    Object.hasOwn(values, field) ? (values[field] ?? all) : all,
  );
}

function ownName({ kind, roomName, identity, track }: NameFacts): string {
  switch (kind) {
    case 'web':
      return 'web';
    case 'participant':
      return identity ?? '{publisher_identity}';
    case 'track':
      return track?.sid ?? '{track_id}';
    case 'room-composite':
    case 'template':
    case 'media':
    case 'track-composite':
      return roomName;
  }
}

/** The container that egress takes; null where this computer cannot tell it. */
function endingOf({ kind, fileType, isSoundOnly, track }: NameFacts): string | null {
  if (kind === 'track') {
    const codec = track?.codec?.toLowerCase();
    if (track?.kind === 'audio') return 'ogg';
    if (codec === 'video/h264') return 'mp4';
    return codec === 'video/vp8' || codec === 'video/vp9' ? 'webm' : null;
  }
  if (fileType !== 'default') return fileType;
  // One person counts as picture and sound, even with a microphone alone (measured).
  return isSoundOnly && kind !== 'participant' ? 'ogg' : 'mp4';
}

/** An ending that egress knows is replaced, every other gets the right one after it. */
function withEnding(name: string, ending: string | null): string {
  if (ending === null) return name;
  const bare = name.replace(/\.(mp4|ogg|mp3|webm|ts|m3u8|ivf|raw)$/i, '');
  return `${bare}.${ending}`;
}

const pad = (n: number, width = 2): string => String(n).padStart(width, '0');
function partsOf(atMs: number) {
  const d = new Date(atMs);
  return {
    date: [pad(d.getFullYear(), 4), pad(d.getMonth() + 1), pad(d.getDate())],
    time: [pad(d.getHours()), pad(d.getMinutes()), pad(d.getSeconds())].join(''),
    ms: pad(d.getMilliseconds(), 3),
  };
}
function timeOf(atMs: number): string {
  const { date, time } = partsOf(atMs);
  return `${date.join('-')}T${time}`;
}
/** Local too, whatever its field is called. */
function stampOf(atMs: number): string {
  const { date, time, ms } = partsOf(atMs);
  return `${date.join('')}${time}${ms}`;
}
