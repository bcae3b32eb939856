// Which other job writes to a name: of files, of segments and of images; checked against the names that egress itself makes.
import { SegmentedFileSuffix } from '@livekit/protocol';
import { expect, test } from 'vitest';
import { numbered, segmentNames } from '../../src/rehearsal/egress/file-name.ts';
import { takenBy } from '../../src/renderer/src/features/start/name-collision.ts';
import { segmentsAt } from '../../src/renderer/src/features/start/outputs.ts';
import type { Job, JobFile } from '../../src/shared/model/job.ts';
import { programRequest, type Outputs } from '../../src/shared/model/job-request.ts';
import { filledIn } from '../../src/shared/text/file-name.ts';
import { imageTemplates, segmentTemplates } from '../../src/shared/text/output-names.ts';

const atMs = new Date(2026, 10, 20, 12, 4, 31, 7).getTime();
const request = programRequest('shows/{room_name}');
const imagesAt = (filenamePrefix: string, filenameSuffix: Outputs['images'][number]['filenameSuffix'] = 'index') =>
  ({
    filenamePrefix,
    filenameSuffix,
    captureIntervalS: 10,
    width: 0,
    height: 0,
    hasManifest: false,
    storageId: null,
  }) as const;
const jobOf = (phase: Job['phase'], outputs: Partial<Outputs>, files: readonly Partial<JobFile>[] = []): Job =>
  ({
    title: phase,
    phase,
    roomName: 'hall',
    request: { ...request, outputs: { ...request.outputs, ...outputs } },
    files,
  }) as Job; // what is asked of it

test.each([
  ['hls/{room_name}', 'index.m3u8', 'live.m3u8'],
  ['hls/{room_name}/part', 'all/index', ''],
  ['', 'shows/{room_name}.m3u8', 'live'],
  ['hall', '', ''],
  ['../out/x', '', 'live'],
])(
  'segments that begin with %j and a playlist %j, %j are named as egress names them',
  (filenamePrefix, playlistName, livePlaylistName) => {
    const asked = { ...segmentsAt(filenamePrefix), playlistName, livePlaylistName };
    const named = segmentNames(asked, { identifier: 'hall', roomName: 'hall', atMs });
    const first = `${named.prefix}${numbered(SegmentedFileSuffix.INDEX, 0, atMs)}.ts`;
    const names = segmentTemplates(asked).map((one) =>
      filledIn(one, { kind: 'room-composite', roomName: 'hall', atMs }),
    );
    expect(names).toEqual([first, named.playlist, named.livePlaylist].filter((name) => name !== ''));
  },
);

test('what has a time in its name meets nothing', () => {
  expect(segmentTemplates({ ...segmentsAt('{room_name}-{time}/part'), livePlaylistName: 'live.m3u8' })).toEqual([]);
  expect(segmentTemplates({ ...segmentsAt(''), playlistName: '' })).toEqual([]);
  // A playlist beside segments with times in their names is the same one for all of them.
  expect(segmentTemplates(segmentsAt('hls/{time}'))).toEqual(['hls/index.m3u8']);
  expect(segmentTemplates({ ...segmentsAt('hls/a'), filenameSuffix: 'timestamp' })).toEqual(['hls/index.m3u8']);
  expect([imagesAt('{utc}'), imagesAt('a', 'timestamp')].map(imageTemplates)).toEqual([[], []]);
});

test('a job that runs, is planned, or was, is found by its file, its segments or its images, in the same storage', () => {
  const outputs = {
    segments: segmentsAt('hls/{room_name}/part'),
    images: [imagesAt('stills/{room_name}', 'overwrite')],
  };
  const by = (names: readonly string[], job: Job, storageId: string | null = null) =>
    takenBy(names, storageId, [job], atMs);
  for (const phase of ['armed', 'recording'] as const) {
    const job = jobOf(phase, outputs);
    const taken = { by: 'running', title: phase };
    expect(by(['shows/hall.mp4'], job)).toEqual({ ...taken, name: 'shows/hall.mp4' });
    expect(by(['x', 'hls/hall/index.m3u8'], job)).toEqual({ ...taken, name: 'hls/hall/index.m3u8' });
    expect(by(['hls/hall/part_00000.ts'], job)).toMatchObject(taken);
    expect(by(['stills/hall.jpeg'], job)).toMatchObject(taken);
    expect([by(['stills/hall.jpeg'], job, 'other'), by(['hls/index.m3u8'], job), by([], job)]).toEqual([
      null,
      null,
      null,
    ]);
  }
  const made = jobOf('done', outputs, [
    { engine: 'egress', content: 'segments', location: 's3://show/hls/hall/index.m3u8' },
    { engine: 'egress', content: 'images', location: 'stills/other' },
  ]);
  expect(by(['hls/hall/index.m3u8'], made)).toMatchObject({ by: 'made', title: 'done' });
  expect(by(['stills/other_00000.jpeg'], made)).toMatchObject({ by: 'made' });
  expect(by(['stills/hall.jpeg'], made)).toBeNull();
});
