import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { RehearsalControl } from '../../src/headless/rehearse/control.ts';
import type { Running } from '../programs/console-to-kill.ts';
import { playThrough } from '../support/media-check.ts';
import { onQuietMachine } from '../support/quiet-machine.ts';
import { describeWith } from '../support/require.ts';
import { openConsoleIn, rehearsalProgram, rehearsalServerId, tempFolder } from '../support/whole-console.ts';
import { ended, entriesOf, finalsOf, incidentsOf, jobEnd, jobWhen, sessionWhen } from '../support/whole-jobs.ts';
import { expectAllWords, wordsOf } from '../support/word-check.ts';

const closers: (() => unknown)[] = [];
const closeAll = async (): Promise<void> => {
  for (let close = closers.pop(); close; close = closers.pop()) await close();
};
afterEach(closeAll);

/** Kills the console 6 s after everything runs; the last that it told, and when it died. */
async function killInTheMiddle(child: ChildProcess): Promise<Running & { readonly killedAtMs: number }> {
  let last: Running | undefined;
  const first = once(child, 'message');
  child.on('message', (message: Running) => (last = message));
  await Promise.race([
    first,
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`The console ended by itself: ${String(code)}`))),
  ]);
  await delay(6_000);
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  const killedAtMs = Date.now();
  await exited;
  if (!last) throw new Error('The console told nothing.');
  return { ...last, killedAtMs };
}

async function killAndStartAgain(): Promise<void> {
  const folder = tempFolder();
  closers.push(() => rmSync(folder, { recursive: true, force: true }));
  const rehearsal = await rehearsalProgram(join(folder, 'files'));
  closers.push(() => rehearsal.close());
  const control = new RehearsalControl(rehearsal.connection.control);
  const data = join(folder, 'data');
  const child = fork(resolve('test/programs/console-to-kill.ts'), [data], {
    env: { ...process.env, REHEARSAL: JSON.stringify(rehearsal.connection) },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  closers.push(() => child.kill('SIGKILL'));
  const before = await killInTheMiddle(child);
  await delay(2_000);

  const openedFromMs = Date.now();
  const again = await openConsoleIn(data, rehearsal.connection);
  closers.push(() => again.close());
  const { api } = again;
  const startedAtMs = Date.now();
  const serverId = await rehearsalServerId(api);

  // Egress went on at its server: the job is found, followed, and stopped like any other.
  const job = { id: before.egressJobId, serverId, title: 'by egress' } as Parameters<typeof jobWhen>[1];
  const found = await jobWhen(api, job, (one) => one.phase === 'recording', 'to be found');
  expect(found).toMatchObject({ startedBy: 'here', engine: 'egress', mode: 'egress-only' });
  await api.stopJob({ jobId: found.id });
  const done = await jobEnd(api, found);
  expect(done.phase).toBe('done');
  const [file] = done.files;
  const egressMs = (done.egress?.endedAtMs ?? NaN) - (done.egress?.startedAtMs ?? NaN);
  expect(Math.abs((await playThrough(file?.location ?? '')).durationMs - egressMs)).toBeLessThan(1_000);
  expect((file?.startedAtMs ?? Infinity) + egressMs).toBeGreaterThan(startedAtMs);

  // What was recorded here goes on by itself, in a next part, and says what it lacks between the two.
  const here = { ...job, id: before.deskJobId, title: 'here' };
  const goesOn = await jobWhen(api, here, (one) => one.phase === 'recording', 'to go on here');
  expect(goesOn).toMatchObject({ engine: 'desk', startedAtMs: goesOn.files[0]?.startedAtMs });
  await api.stopJob({ jobId: here.id });
  const desk = await jobEnd(api, here);
  expect(desk).toMatchObject({ phase: 'done', engine: 'desk' });
  const [hole, ...others] = desk.desk?.holes ?? [];
  expect(others).toEqual([]);
  expect(Math.abs((hole?.fromMs ?? NaN) - before.killedAtMs)).toBeLessThan(1_500);
  expect(hole?.toMs).toBeGreaterThan(openedFromMs);
  const parts = desk.files.filter((one) => one.content === 'program');
  expect(parts.map((one) => one.name.includes('part 2'))).toEqual([false, true]);
  expect(Math.abs((parts[1]?.startedAtMs ?? NaN) - (hole?.toMs ?? NaN))).toBeLessThan(2);

  // What came before is repaired and joined to its job, up to 1.5 s before the kill.
  const [mix] = parts;
  const firstPart = desk.files.filter((one) => !one.name.includes('part 2'));
  expect(new Set(firstPart.flatMap((one) => one.identity ?? [])).size).toBe(6);
  for (const one of firstPart) {
    expect(one.isComplete).toBe(true);
    const { durationMs } = await playThrough(one.location);
    expect(Math.abs(durationMs - (one.durationMs ?? NaN))).toBeLessThan(20);
    expect((one.startedAtMs ?? NaN) + durationMs).toBeGreaterThan(before.killedAtMs - 1_500);
  }
  if (!mix) throw new Error('There is no mix.');
  const mixFromMs = mix.startedAtMs ?? NaN;
  const { words } = await control.decode(mix.location);
  const inMix = words.map(({ identity, word, atMs }) => ({ identity, word, startMs: mixFromMs + atMs }));
  await expectAllWords(control, { fromMs: mixFromMs + 150, toMs: mixFromMs + (mix.durationMs ?? NaN) - 150 }, inMix);

  // The transcript is there up to the last final, and says since when nothing was heard.
  const session = await sessionWhen(
    api,
    { id: before.sessionId, serverId } as Parameters<typeof sessionWhen>[1],
    ended,
    'to be ended',
  );
  const zeroMs = session.startedAtMs ?? NaN;
  const entries = await entriesOf(api, session.id);
  const finals = finalsOf(entries);
  expect(finals.map(({ id }) => id)).toEqual(expect.arrayContaining([...before.finalIds]));
  const lastFinalMs = zeroMs + Math.max(...finals.map(({ endMs }) => endMs));
  const gap = entries.find((entry) => entry.type === 'gap' && entry.identity === null);
  if (gap?.type !== 'gap') throw new Error('There is no gap.');
  console.info(
    JSON.stringify({
      finals: finals.length,
      lastFinalBeforeKillMs: before.killedAtMs - lastFinalMs,
      gapFromKillMs: zeroMs + gap.startMs - before.killedAtMs,
      deskEndsBeforeKillMs: before.killedAtMs - (mixFromMs + (mix.durationMs ?? NaN)),
    }),
  );
  expect(Math.abs(zeroMs + gap.startMs - before.killedAtMs)).toBeLessThan(1_500);
  // It ends with the next start, however long that takes.
  expect(zeroMs + (gap.endMs ?? NaN)).toBeGreaterThanOrEqual(openedFromMs);
  expect(zeroMs + (gap.endMs ?? NaN)).toBeLessThan(startedAtMs + 1_500);
  const firstMs = zeroMs + Math.min(...finals.map(({ startMs }) => startMs));
  // Whoever spoke when it died has no final of that; what is there was said, once, by the right people.
  await expectAllWords(control, { fromMs: firstMs, toMs: firstMs }, wordsOf(finals, zeroMs));
  const { text } = await api.exportCaptions({ sessionId: session.id, format: 'srt' });
  expect(text.toLowerCase()).toContain(finals[0]?.words[0]?.text.toLowerCase() ?? 'a word');

  const told = (await incidentsOf(api)).map(({ kind, what }) => `${kind}: ${what}`);
  expect(told.filter((line) => line.startsWith('desk: The console was ended'))).toHaveLength(1);
  expect(told).toContain('gap: Captions ended when Cuedesk stopped');
  // And it can go on: new captions in the same room.
  const next = await api.startCaptions({ serverId, roomName: 'town-hall', feed: 'direct' });
  await sessionWhen(api, next, (one) => one.state === 'live', 'to be live again');
}

describeWith('ffmpeg', 'a console that is killed', () => {
  test('finds its jobs, files and transcript at the next start', { timeout: 250_000 }, () =>
    onQuietMachine(async () => {
      try {
        await killAndStartAgain();
      } finally {
        await closeAll();
      }
    }),
  );
});
