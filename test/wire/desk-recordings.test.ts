// Recordings of this computer as jobs open them, with real files.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { tellOfDesk } from '../../src/core/console/desk-incidents.ts';
import { DeskRecordings } from '../../src/core/console/desk-recordings.ts';
import type { AudioFeed } from '../../src/core/feeds/audio-feed.ts';
import { silentLog } from '../../src/core/live/log.ts';
import { Incidents } from '../../src/core/observe/incidents.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { ScriptedFeed } from '../support/scripted-feed.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cuedesk-desk-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const clock = new FakeClock(1_795_003_200_000);

it('gives each of two recordings of a room that begin in the same second files of its own', async () => {
  const feeds: ScriptedFeed[] = [];
  const incidents = new Incidents({ clock });
  const desk = new DeskRecordings({
    openFeed: async () => {
      const feed = new ScriptedFeed(clock);
      feed.join({ sourceId: 'a', identity: 'ada', name: 'Ada', startedAtMs: clock.nowMs(), sampleAt: () => 1_000 });
      feeds.push(feed);
      return Object.assign(feed, { close: async () => {} }) as unknown as AudioFeed; // what a recorder needs of one
    },
    recordingsFolder: () => folder,
    ...tellOfDesk(incidents),
    clock,
    log: silentLog,
  });
  const open = (jobId: string) => desk.open({ jobId, take: 1, serverId: 's', roomName: 'hall', goesOn: false });
  const recordings = [open('program'), open('sound')];
  const play = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 10) {
      await clock.advance(10);
      for (const feed of feeds) feed.run();
    }
  };
  await expect.poll(() => feeds.length).toBe(2);
  await play(1_000);
  await Promise.all(recordings.map(({ began }) => began));
  const closing = Promise.all(recordings.map((each) => each.close()));
  await play(1_000);
  await closing;
  const names = (await readdir(folder)).toSorted();
  expect(names.map((name) => name.replace(/ \d{4}-\d{2}-\d{2} \d{6}/, ''))).toEqual([
    'hall (2) Ada.wav',
    'hall (2) mix.wav',
    'hall Ada.wav',
    'hall mix.wav',
  ]);
  for (const name of names) expect((await readFile(join(folder, name))).length, name).toBeGreaterThan(90_000);
  expect(incidents.list.value.incidents).toEqual([]);
});

it('tells of a gap that grows once, at its length of now', () => {
  const incidents = new Incidents({ clock });
  const { onGap } = tellOfDesk(incidents);
  const gap = { identity: null, fromMs: clock.nowMs(), cause: 'The disk did not take the sound.' };
  for (const ms of [200, 400, 600]) onGap('job', { ...gap, toMs: gap.fromMs + ms });
  expect(incidents.list.value.incidents.map(({ what }) => what)).toEqual(['A recording here lacks 0.6 s.']);
});
