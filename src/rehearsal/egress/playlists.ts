import { posix } from 'node:path';

/** One finished segment of an HLS output. */
export interface Segment {
  /** Its whole name, as the results tell it. */
  readonly name: string;
  readonly startedAtMs: number;
  readonly durationS: number;
}

const liveWindow = 5;

/** The playlist of everything so far; it is closed by ENDLIST at the end, and only then. */
export function eventPlaylist(
  playlist: string,
  segments: readonly Segment[],
  targetS: number,
  isOver: boolean,
): string {
  return playlistOf(playlist, segments, 0, targetS, isOver, ['#EXT-X-PLAYLIST-TYPE:EVENT']);
}

/** The playlist that slides along with the newest five segments. */
export function livePlaylist(playlist: string, segments: readonly Segment[], targetS: number, isOver: boolean): string {
  const first = Math.max(0, segments.length - liveWindow);
  return playlistOf(playlist, segments.slice(first), first, targetS, isOver, []);
}

function playlistOf(
  playlist: string,
  segments: readonly Segment[],
  first: number,
  targetS: number,
  isOver: boolean,
  kind: readonly string[],
): string {
  const longest = Math.max(targetS, ...segments.map(({ durationS }) => Math.round(durationS)));
  const lines = ['#EXTM3U', '#EXT-X-VERSION:4', ...kind, '#EXT-X-ALLOW-CACHE:NO'];
  lines.push(`#EXT-X-TARGETDURATION:${longest}`, `#EXT-X-MEDIA-SEQUENCE:${first}`);
  for (const { name, startedAtMs, durationS } of segments) {
    lines.push(`#EXT-X-PROGRAM-DATE-TIME:${new Date(startedAtMs).toISOString()}`);
    lines.push(`#EXTINF:${durationS.toFixed(3)},`, posix.relative(posix.dirname(playlist), name));
  }
  if (isOver) lines.push('#EXT-X-ENDLIST');
  return `${lines.join('\n')}\n`;
}
