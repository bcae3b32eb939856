import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { FeedKind, TranscriptEntry } from '../../src/shared/model/captions.ts';
import { playThrough } from '../support/media-check.ts';
import { onQuietMachine } from '../support/quiet-machine.ts';
import { describeWith } from '../support/require.ts';
import { openWholeConsole, type WholeConsole } from '../support/whole-console.ts';
import {
  ended,
  entriesOf,
  finalsOf,
  incidentsOf,
  jobEnd,
  jobWhen,
  live,
  openMeters,
  sessionWhen,
} from '../support/whole-jobs.ts';
import { expectAllWords, type Hole, wordsOf } from '../support/word-check.ts';

// Feeds and transcribers are broken while captions and a recording run.

const holesOf = (entries: readonly TranscriptEntry[], zeroMs: number): Hole[] =>
  entries.flatMap((entry) =>
    entry.type === 'gap'
      ? [
          {
            identity: entry.identity,
            fromMs: zeroMs + entry.startMs,
            toMs: entry.endMs === null ? Infinity : zeroMs + entry.endMs,
          },
        ]
      : [],
  );

async function drilled(desk: WholeConsole, feed: FeedKind): Promise<void> {
  const { api, control, serverId } = desk;
  const meters = await openMeters(api, serverId, 'town-hall');
  const asked = await api.startCaptions({ serverId, roomName: 'town-hall', feed });
  const begun = await api.startJob({ serverId, roomName: 'town-hall', mode: 'best', request: { kind: 'room-sound' } });
  const [session] = await Promise.all([
    sessionWhen(api, asked, (one) => live(one) && one.speakers.length === 6, 'to be live for all six'),
    jobWhen(api, begun, (one) => one.phase === 'recording', 'to record'),
  ]);
  const fromMs = Date.now();
  const dropped: number[] = [];
  for (const drill of ['drop-transcriber', 'drop-feed', 'drop-transcriber', 'drop-feed']) {
    await delay(6_000);
    if (drill === 'drop-feed') dropped.push(Date.now());
    await control.drill(drill);
    if (drill === 'drop-feed') continue;
    await sessionWhen(api, session, (one) => one.state === 'reconnecting', 'to be interrupted');
    await sessionWhen(api, session, live, 'to go on');
  }
  await delay(10_000);
  const toMs = Date.now();
  await Promise.all([api.stopCaptions({ sessionId: session.id }), api.stopJob({ jobId: begun.id })]);
  const [over, done] = await Promise.all([sessionWhen(api, session, ended, 'to end'), jobEnd(api, begun)]);
  await meters.close();

  const zeroMs = over.startedAtMs ?? NaN;
  const entries = await entriesOf(api, session.id);
  const holes = holesOf(entries, zeroMs);
  const check = await expectAllWords(control, { fromMs, toMs }, wordsOf(finalsOf(entries), zeroMs), holes);
  const longest = Math.max(...holes.map((hole) => hole.toMs - hole.fromMs));
  console.info(JSON.stringify({ feed, ...check, holes: holes.length, longestMs: longest }));
  expect(check.spoken).toBeGreaterThan(50);
  // Every break is dated where it was, and nothing else is: not the transcriber's.
  for (const atMs of dropped)
    expect(holes.some((hole) => Math.abs(hole.fromMs - atMs) < 1_500 || (hole.fromMs < atMs && hole.toMs > atMs))).toBe(
      true,
    );
  for (const hole of holes)
    expect(dropped.some((atMs) => hole.fromMs > atMs - 4_000 && hole.toMs < atMs + 9_000)).toBe(true);

  // What was recorded here has silence where the feed was away, and everything after it at its time.
  const incidents = await incidentsOf(api);
  const mix = done.files.find((file) => file.content === 'program');
  if (!mix || !done.desk) throw new Error('There is no recording.');
  const { durationMs } = await playThrough(mix.location);
  const ownMs = (done.desk.endedAtMs ?? NaN) - (done.desk.startedAtMs ?? NaN);
  expect(Math.abs(durationMs - ownMs)).toBeLessThan(1_000);
  const { words } = await control.decode(mix.location);
  const startMs = mix.startedAtMs ?? NaN;
  const heard = words.map(({ identity, word, atMs }) => ({ identity, word, startMs: startMs + atMs }));
  const lost = incidents.filter((one) => one.jobId === begun.id && one.kind === 'gap');
  const deskHoles = dropped.map((atMs) => ({ identity: null, fromMs: atMs - 300, toMs: atMs + 4_000 }));
  await expectAllWords(control, { fromMs: startMs + 300, toMs: startMs + durationMs - 300 }, heard, deskHoles);
  expect(lost.length).toBeGreaterThanOrEqual(1);
  const interrupted = incidents.filter((one) => one.what.startsWith('Captions were interrupted'));
  expect(interrupted.length).toBeGreaterThanOrEqual(1);
  expect(incidents.filter((one) => one.state === 'trouble')).toEqual([]);
}

describeWith('ffmpeg', 'drills', () => {
  for (const feed of ['direct', 'track-socket'] as const) {
    test.concurrent(`${feed}: no word is doubled, none is lost outside of dated gaps`, { timeout: 400_000 }, () =>
      onQuietMachine(async () => {
        const desk = await openWholeConsole({ egressLimit: 8 });
        try {
          await drilled(desk, feed);
        } finally {
          await desk.close();
        }
      }),
    );
  }
});
