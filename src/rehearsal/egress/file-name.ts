import { isAbsolute, relative, resolve, sep } from 'node:path';

/** What stands for the names in braces of a `filepath`. */
export interface NameParts {
  readonly roomName: string;
  readonly roomId: string;
  readonly atMs: number;
}

const knownEndings = /\.(mp4|ogg|mp3|m3u8|ts|webm)$/i;

/**
 * The file name that egress makes of a request's `filepath`: names in braces filled in, the ending put right, a folder
 * completed by `<room>-<time>`. `{time}` and `{utc}` are both local time of the host, as in egress itself.
 */
export function fileName(filepath: string, ending: '.mp4' | '.ogg' | '.mp3', parts: NameParts): string {
  const time = localTime(parts.atMs);
  const asked = filepath === '' || filepath.endsWith('/') ? `${filepath}${parts.roomName}-${time.name}` : filepath;
  const filled = asked
    .replaceAll('{room_name}', parts.roomName)
    .replaceAll('{room_id}', parts.roomId)
    .replaceAll('{time}', time.name)
    .replaceAll('{utc}', time.digits)
    .replace(/^(\.\.\/)+/, '');
  return knownEndings.test(filled) ? filled.replace(knownEndings, ending) : filled + ending;
}

/** Where the file really goes: always inside `folder`; null for a path that leads out of it. */
export function placeIn(folder: string, name: string): string | null {
  const place = resolve(folder, name);
  const inside = relative(folder, place);
  return inside === '' || inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside) ? null : place;
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
