import type { EgressResults } from '../../shared/model/egress-results.ts';
import type { JobFile } from '../../shared/model/job.ts';
import { isPath } from '../../shared/text/file-place.ts';
import type { EgressSide } from './job-state.ts';

/** Everything that egress made or makes for a job: files, playlists of segments, sets of images, and the manifest. */
export function egressFiles(side: EgressSide, title: string, isServerHere: boolean): JobFile[] {
  if (!('results' in side)) return [];
  const { results } = side;
  const isComplete = side.at === 'ended' && side.outcome !== 'failed' && side.outcome !== 'lost';
  const startedAtMs = side.mediaStartedAtMs === null ? null : Math.round(side.mediaStartedAtMs);
  return itemsOf(results).map((item) => ({
    engine: 'egress',
    identity: null,
    startedAtMs,
    isComplete,
    isLocal: isServerHere && isComplete && isPath(item.location),
    bytes: null,
    durationMs: null,
    ...(results.isInBackupStorage ? { isInBackup: true } : {}),
    ...item,
    name: item.name.split('/').at(-1) || title,
    location: item.location || item.name,
  }));
}

type Item = Pick<JobFile, 'id' | 'content' | 'name' | 'location'> &
  Partial<Pick<JobFile, 'bytes' | 'durationMs' | 'count'>>;

function itemsOf({ files, segments, images, manifestLocation }: EgressResults): readonly Item[] {
  return [
    ...files.map((file, index): Item => ({
      id: `egress-${index}`,
      content: 'program',
      name: file.name,
      location: file.location,
      bytes: someOf(file.bytes),
      durationMs: someOf(file.durationMs),
    })),
    ...segments.flatMap((one, index): Item[] => [
      {
        id: `segments-${index}`,
        content: 'segments',
        name: one.playlistName,
        location: one.playlistLocation,
        bytes: someOf(one.bytes),
        durationMs: someOf(one.durationMs),
        count: one.segmentCount,
      },
      ...(one.livePlaylistLocation === ''
        ? []
        : [
            {
              id: `live-${index}`,
              content: 'live-playlist',
              name: one.livePlaylistLocation,
              location: one.livePlaylistLocation,
            } as const,
          ]),
    ]),
    ...images.map((one, index): Item => ({
      id: `images-${index}`,
      content: 'images',
      name: one.filenamePrefix,
      // Egress tells the beginning of their names, and no place.
      location: '',
      count: one.imageCount,
    })),
    ...(manifestLocation === ''
      ? []
      : [{ id: 'manifest', content: 'manifest', name: manifestLocation, location: manifestLocation } as const]),
  ];
}

const someOf = (value: number): number | null => (value > 0 ? Math.round(value) : null);
