// What a job makes, looked at on the disk of this computer: real files, real pictures, real ffmpeg.
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { OutputWatch } from '../../src/core/console/output-watch.ts';
import type { JobState } from '../../src/core/jobs/job-state.ts';
import { silentLog } from '../../src/core/live/log.ts';
import { Scope } from '../../src/core/live/scope.ts';
import { RoleSessions } from '../../src/core/storage/role-sessions.ts';
import { noResults } from '../../src/shared/model/egress-results.ts';
import { programRequest, type Outputs } from '../../src/shared/model/job-request.ts';
import type { Storage } from '../../src/shared/model/storage.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { s3Place } from '../support/s3-place.ts';
import { s3Key } from '../support/storage-servers.ts';
import { describeWith, ffmpegPath } from '../support/require.ts';

const everyMs = 30_000;
const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

function setUp(silentUrl: string | null = null) {
  const folder = mkdtempSync(join(tmpdir(), 'cuedesk-outputs-'));
  const clock = new FakeClock();
  const scope = new Scope('test');
  closers.push(
    () => rmSync(folder, { recursive: true, force: true }),
    () => scope.close(),
  );
  const watch = new OutputWatch({
    storages: {
      find: (id) => (silentUrl === null ? null : ({ id, place: s3Place({ endpoint: silentUrl }) } as Storage)), // what is asked of it
      open: async () => ({ place: s3Place({ endpoint: silentUrl ?? '' }), secrets: s3Key }),
    },
    roles: new RoleSessions(),
    isHere: (serverId) => serverId === 'here',
    ffmpegPath: ffmpegPath(),
    everyMs,
    scope,
    clock,
    log: silentLog,
  });
  const program = programRequest('a');
  const images = {
    captureIntervalS: 10,
    width: 0,
    height: 0,
    filenamePrefix: 'p',
    filenameSuffix: 'index',
    hasManifest: false,
    storageId: null,
  } as const;
  const job = (serverId: string, segments: Outputs['segments'] = null): JobState =>
    ({
      id: serverId,
      serverId,
      request: { ...program, outputs: { ...program.outputs, segments, images: [images] } },
      egress: {
        at: 'active',
        results: {
          ...noResults,
          segments: segments ? [{ playlistName: 'a.m3u8' }] : [],
          images: [{ filenamePrefix: join(folder, 'p'), imageCount: 0 }],
        },
      },
    }) as unknown as JobState; // what is asked of it
  const draw = (number: number, color: 'black' | 'gray'): void => {
    const source = `-f lavfi -i color=${color}:s=320x180 -frames:v 1 -y`.split(' ');
    const place = join(folder, `p_0000${number}.jpeg`);
    expect(spawnSync(ffmpegPath(), ['-loglevel', 'error', ...source, place]).status).toBe(0);
  };
  return { watch, clock, job, draw };
}

describeWith('ffmpeg', 'what a job makes', () => {
  test('is seen to grow, and to be black after two pictures in a row, until one with light', async () => {
    const { watch, clock, job, draw } = setUp();
    const at = (atMs: number) =>
      expect.poll(() => watch.of(job('here')).growing, { interval: 10 }).toMatchObject([{ lookedAtMs: atMs }]);
    const black = () => watch.of(job('here')).blackSinceMs;
    const told: (number | null)[] = [];
    const beganMs = clock.nowMs();
    for (const [number, color] of (['gray', 'black', 'black', 'gray'] as const).entries()) {
      draw(number, color);
      watch.of(job('here'));
      await at(clock.nowMs());
      const wanted = number === 2 ? beganMs + everyMs : null;
      await expect.poll(black, { interval: 10 }).toBe(wanted);
      told.push(black());
      await clock.advance(everyMs);
    }
    expect(told).toEqual([null, null, beganMs + everyMs, null]);
    watch.of(job('here')); // nothing new has come
    await at(clock.nowMs());
    expect(watch.of(job('here')).growing).toMatchObject([{ what: 'image', newAtMs: clock.nowMs() - everyMs }]);
  });

  test('is seen in one storage while another does not answer', async () => {
    const server = createServer((socket) => void socket.on('error', () => {}).resume());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    closers.push(() => void server.close());
    const { watch, clock, job, draw } = setUp(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const asked = once(server, 'connection');
    const both = job('here', {
      filenamePrefix: 'a',
      playlistName: 'a.m3u8',
      livePlaylistName: '',
      segmentDurationS: 4,
      filenameSuffix: 'index',
      hasManifest: false,
      storageId: 'silent',
    });
    draw(0, 'gray');
    watch.of(both);
    await asked;
    await expect.poll(() => watch.of(both).growing, { interval: 10 }).toMatchObject([{ what: 'image', number: 0 }]);
    draw(1, 'gray');
    await clock.advance(everyMs);
    const another = () => watch.of({ ...both, id: 'another' }).growing;
    await expect.poll(another, { interval: 10 }).toMatchObject([{ what: 'image', number: 1 }]);
  });

  test('is not looked for on this computer where its server is elsewhere', async () => {
    const { watch, clock, job, draw } = setUp();
    draw(0, 'black');
    watch.of(job('elsewhere'));
    watch.of(job('here'));
    await clock.advance(everyMs);
    await expect.poll(() => watch.of(job('here')).growing.length, { interval: 10 }).toBe(1);
    expect(watch.of(job('elsewhere')).growing).toEqual([]);
  });
});
