import type { EgressInfo } from '@livekit/protocol';
import type { FoundSource } from './source.ts';

interface Kept {
  readonly name: string;
  readonly location: string;
}

/** The JSON that egress puts beside its files. */
export function manifestOf(
  info: EgressInfo,
  found: FoundSource,
  endedAtNs: bigint,
  file: Kept | null,
  segments: { readonly playlist: string; readonly kept: readonly Kept[] },
  images: readonly { readonly kept: readonly (Kept & { readonly atMs: number })[] }[],
): string {
  const { names } = found;
  const pictures = images.flatMap(({ kept }) => kept);
  return JSON.stringify({
    egress_id: info.egressId,
    ...(info.roomName === '' ? {} : { room_id: info.roomId, room_name: info.roomName }),
    started_at: Number(info.startedAt),
    ended_at: Number(endedAtNs),
    ...(names.publisherIdentity ? { publisher_identity: names.publisherIdentity } : {}),
    ...(info.request.case === 'track'
      ? { track_id: names.trackId, track_kind: names.trackType, track_source: names.trackSource }
      : {}),
    ...(file ? { files: [{ filename: file.name, location: file.location }] } : {}),
    ...(segments.kept.length > 0
      ? {
          playlists: [
            {
              location: segments.playlist,
              segments: segments.kept.map(({ name, location }) => ({ filename: name, location })),
            },
          ],
        }
      : {}),
    ...(pictures.length > 0
      ? { images: pictures.map(({ name, location, atMs }) => ({ filename: name, timestamp: atMs, location })) }
      : {}),
  });
}
