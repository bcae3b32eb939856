// What a job makes, looked at on the disk of this computer: real files, real pictures, real ffmpeg.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { OutputWatch } from '../../src/core/console/output-watch.ts';
import type { JobState } from '../../src/core/jobs/job-state.ts';
import { silentLog } from '../../src/core/live/log.ts';
import { Scope } from '../../src/core/live/scope.ts';
import { noResults } from '../../src/shared/model/egress-results.ts';
import { programRequest } from '../../src/shared/model/job-request.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { describeWith, ffmpegPath } from '../support/require.ts';

const everyMs = 30_000;
const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

function setUp() {
  const folder = mkdtempSync(join(tmpdir(), 'cuedesk-outputs-'));
  const clock = new FakeClock();
  const scope = new Scope('test');
  closers.push(
    () => rmSync(folder, { recursive: true, force: true }),
    () => scope.close(),
  );
  const watch = new OutputWatch({
    storages: { find: () => null, open: () => Promise.reject(new Error('there is none')) },
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
  const job = (serverId: string): JobState =>
    ({
      id: serverId,
      serverId,
      request: { ...program, outputs: { ...program.outputs, images: [images] } },
      egress: {
        at: 'active',
        results: { ...noResults, images: [{ filenamePrefix: join(folder, 'p'), imageCount: 0 }] },
      },
    }) as Partial<JobState> as JobState; // what is asked of it
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
