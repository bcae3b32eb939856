import { posix } from 'node:path';

/** Twelve hours of segments of a second are about 4 MB. */
export const maxPlaylistBytes = 8 << 20;

export interface Playlist {
  /** The names of its segments, in order and as they are written: relative to its folder. */
  readonly segments: readonly string[];
  /** True once egress has closed it. */
  readonly isOver: boolean;
  /** The playlist for a player: each name as an address. */
  readonly playable: string;
}

/**
 * Reads a playlist as egress writes it: tags, and the names of segments beside it or below it. Null where it is none, or
 * names anything else, also in a tag or behind what only a player takes for the end of a line: then neither is it played,
 * nor anything that it names fetched.
 */
export function readPlaylist(text: string): Playlist | null {
  const lines = text.split(/\r?\n/);
  if (lines[0] !== '#EXTM3U' || lines.some(namesMore)) return null;
  const segments = lines.filter(isName);
  if (!segments.every(isSegment)) return null;
  return {
    segments,
    isOver: lines.includes('#EXT-X-ENDLIST'),
    playable: lines.map((line) => (isName(line) ? line.split('/').map(encodeURIComponent).join('/') : line)).join('\n'),
  };
}

/** Keys, other playlists, and the interstitials of a date range, which may be a list at another place. */
const namesMore = (line: string): boolean => /[\r\u2028\u2029]|^#EXT(-X-DATERANGE|.*\bURI=)/.test(line);
const isName = (line: string): boolean => line !== '' && !line.startsWith('#');
const isSegment = (name: string): boolean =>
  /\.ts$/i.test(name) &&
  !/[\\\0]/.test(name) && // a colon is one of the name: as an address it is encoded
  !name.startsWith('/') &&
  posix.normalize(name) === name &&
  !name.startsWith('../');
