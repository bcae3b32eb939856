// What of the results of an egress the card of its job shows, from the answers of a real server.
import { expect, test } from 'vitest';
import { egressFiles } from '../../src/core/jobs/egress-files.ts';
import { parseEgressInfo } from '../../src/core/livekit/egress-info.ts';
import { recordedEgress } from '../support/traces.ts';

function filesOf(egressId: string, change: object = {}) {
  const info = recordedEgress()
    .find((one) => one.egress_id === egressId)
    ?.infos.at(-1);
  const snapshot = parseEgressInfo({ ...info, ...change });
  if (!snapshot) throw new Error(`no trace of ${egressId}`);
  const { results, mediaStartedAtMs } = snapshot;
  const base = { egressId, updatedAtNs: String(snapshot.updatedAtNs), mediaStartedAtMs, results, said: '' };
  return egressFiles(
    { at: 'ended', outcome: 'complete', endedAtMs: snapshot.endedAtMs ?? 0, by: null, ...base },
    'Evening',
    true,
  );
}

test('file, segments, images and manifest of one egress, each with its place, size and length', () => {
  const file_results = [
    { filename: '/out/rc/a.mp4', location: '/out/rc/a.mp4', size: '526024', duration: '9000000000' },
  ];
  const files = filesOf('EG_pMq3zgDmy8eB', { file_results, manifest_location: '/out/EG_pMq3zgDmy8eB.json' });
  expect(files.map(({ content }) => content)).toEqual(['program', 'segments', 'live-playlist', 'images', 'manifest']);
  const [file, segments, , images, manifest] = files;
  expect(file).toMatchObject({ name: 'a.mp4', isComplete: true, isLocal: true, bytes: 526_024, durationMs: 9_000 });
  expect(segments?.name).toMatch(/\.m3u8$/);
  expect(segments).toMatchObject({ location: '/out/rc/hls/index.m3u8', bytes: 526_024, count: 2 });
  expect(images).toMatchObject({ name: 'i', count: 4 });
  expect(manifest?.name).toBe('EG_pMq3zgDmy8eB.json');
});

test('the second storage is told of every item that went there', () => {
  const files = filesOf('EG_f7jXLfv6Rs7v');
  expect(files.length).toBeGreaterThan(0);
  for (const file of files) expect(file).toMatchObject({ isInBackup: true, isLocal: false });
});

test('a live playlist is a place of its own, and what has no size yet says so', () => {
  const files = filesOf('EG_pMq3zgDmy8eB', {
    file_results: [{ filename: 'a.mp4' }],
    segment_results: [{ playlist_name: 'hls/index.m3u8', live_playlist_location: 'https://s3.example/hls/live.m3u8' }],
    image_results: [],
    manifest_location: '',
  });
  expect(files).toMatchObject([
    { name: 'a.mp4', bytes: null, durationMs: null },
    { name: 'index.m3u8', location: 'hls/index.m3u8', count: 0 },
    { name: 'live.m3u8', content: 'live-playlist', location: 'https://s3.example/hls/live.m3u8' },
  ]);
});
