import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { FeedKind } from '../../src/shared/model/captions.ts';
import type { Job, JobFile } from '../../src/shared/model/job.ts';
import { cuesByFfmpeg, playThrough } from '../support/media-check.ts';
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
  startRecording,
} from '../support/whole-jobs.ts';
import { expectAllWords, wordsOf } from '../support/word-check.ts';

// The main job on the rehearsal, all of it at once: what runs here are minutes of a show, and they pass side by side.

const minuteMs = 60_000;
/** The picture's and the sound's first frames lie this far apart. */
const edgeMs = 150;
const program = (job: Job, engine: JobFile['engine']): JobFile[] =>
  job.files.filter((file) => file.content === 'program' && file.engine === engine && file.isLocal);

/** Plays a file through, and demands every word of its time. */
async function expectWhole(desk: WholeConsole, file: JobFile): Promise<{ fromMs: number; toMs: number }> {
  const { durationMs } = await playThrough(file.location);
  const fromMs = file.startedAtMs ?? NaN;
  const { words } = await desk.control.decode(file.location);
  const heard = words.map(({ identity, word, atMs }) => ({ identity, word, startMs: fromMs + atMs }));
  const check = await expectAllWords(
    desk.control,
    { fromMs: fromMs + edgeMs, toMs: fromMs + durationMs - edgeMs },
    heard,
  );
  console.info(JSON.stringify({ file: file.name, durationMs, ...check }));
  return { fromMs, toMs: fromMs + durationMs };
}

async function aMinute(desk: WholeConsole, feed: FeedKind): Promise<void> {
  const { api, control, serverId, folder } = desk;
  const asked = await api.startCaptions({ serverId, roomName: 'town-hall', feed });
  const [session, job] = await Promise.all([
    sessionWhen(api, asked, (one) => live(one) && one.speakers.length === 6, 'to be live for all six'),
    startRecording(api, serverId, feed).then((begun) =>
      jobWhen(api, begun, (one) => one.phase === 'recording' && one.egress?.startedAtMs !== null, 'to record'),
    ),
  ]);
  expect(job.engine).toBe('egress');
  const fromMs = Date.now();
  await delay(minuteMs);
  const toMs = Date.now();
  await Promise.all([api.stopCaptions({ sessionId: session.id }), api.stopJob({ jobId: job.id })]);
  const [over, done] = await Promise.all([sessionWhen(api, session, ended, 'to end'), jobEnd(api, job)]);

  const entries = await entriesOf(api, session.id);
  const finals = finalsOf(entries);
  const heard = wordsOf(finals, over.startedAtMs ?? NaN);
  const check = await expectAllWords(control, { fromMs, toMs }, heard);
  expect(check.spoken).toBeGreaterThan(60);
  expect(Math.abs(check.offsetMs.median)).toBeLessThan(100);
  expect(entries.filter((entry) => entry.type === 'gap')).toEqual([]);
  expect(over).toMatchObject({ gapCount: 0, lineCount: finals.length });
  const delays = finals.flatMap(({ delayMs }) => (delayMs === null ? [] : [delayMs])).sort((a, b) => a - b);
  expect(delays).toHaveLength(finals.length);
  console.info(JSON.stringify({ feed, ...check, delayMs: { p50: delays[delays.length >> 1], most: delays.at(-1) } }));

  for (const format of ['srt', 'vtt'] as const) {
    const { fileName, text } = await api.exportCaptions({ sessionId: session.id, format });
    const path = join(folder, fileName);
    writeFileSync(path, text);
    const cues = await cuesByFfmpeg(path);
    const plain = (spoken: string): string => spoken.replaceAll(/[^\p{L}\p{N}]+/gu, ' ').trim();
    // ffmpeg has no voices: in SRT the speaker is part of the text, in VTT a tag that it drops.
    const shown = plain(cues.map((cue) => cue.text.replace(/^[^:\n]{1,20}: /, '')).join(' ')).split(' ');
    const said = finals.flatMap((line) => plain(line.text).split(' '));
    expect(shown.toSorted()).toEqual(said.toSorted());
    for (const { startMs, endMs } of cues) expect(endMs - startMs).toBeGreaterThanOrEqual(999);
  }

  expect(done).toMatchObject({ phase: 'done', refusal: null });
  const [file] = program(done, 'egress');
  if (!file || !done.egress) throw new Error('There is no file of the recording.');
  const { streams, durationMs } = await playThrough(file.location);
  expect(streams.toSorted()).toEqual(['Audio aac', 'Video h264']);
  const ownMs = (done.egress.endedAtMs ?? NaN) - (done.egress.startedAtMs ?? NaN);
  expect(Math.abs(durationMs - ownMs)).toBeLessThan(1_000);
  expect(ownMs).toBeGreaterThan(minuteMs - 500);
  const whole = await expectWhole(desk, file);
  // The bridge: from the press of Start until egress had media, the sound lies here.
  const [bridge] = program(done, 'desk');
  if (!bridge) throw new Error('There is no sound of the time before.');
  const sound = await expectWhole(desk, bridge);
  expect(sound.fromMs - done.requestedAtMs).toBeLessThan(1_000);
  expect(sound.toMs).toBeGreaterThan(whole.fromMs);
  expect(await incidentsOf(api)).toEqual([]);
}

/** The next recording is refused; the sound of the whole time lies here. */
async function refused(desk: WholeConsole, status: 429 | 503, lastsMs: number): Promise<void> {
  const { api, control, serverId } = desk;
  await control.drill(`refuse-${status}`);
  const pressedAtMs = Date.now();
  const begun = await startRecording(api, serverId, `refused-${status}`);
  const told = await jobWhen(api, begun, (one) => one.refusal !== null, 'to be refused');
  if (status === 503) expect(Date.now() - pressedAtMs).toBeGreaterThan(20_000);
  await jobWhen(api, told, (one) => one.engine === 'desk' && one.phase === 'recording', 'to go on here');
  await delay(lastsMs);
  const stoppedAtMs = Date.now();
  await api.stopJob({ jobId: begun.id });
  await api.stopJob({ jobId: begun.id });
  const done = await jobEnd(api, begun);
  expect(done).toMatchObject({ phase: 'done', engine: 'desk' });
  expect(done.refusal?.said).not.toBe('');
  expect(done.refusal?.cuedeskDid).not.toBeNull();
  const [mix] = program(done, 'desk');
  if (!mix || !done.desk) throw new Error('There is no recording of here.');
  const whole = await expectWhole(desk, mix);
  expect(whole.fromMs - pressedAtMs).toBeLessThan(1_000);
  expect(stoppedAtMs - whole.toMs).toBeLessThan(1_000);
  const ownMs = (done.desk.endedAtMs ?? NaN) - (done.desk.startedAtMs ?? NaN);
  expect(Math.abs(whole.toMs - whole.fromMs - ownMs)).toBeLessThan(1_000);
  // Everybody's own file holds their words alone, on the time line of the mix.
  const people = done.files.filter((file) => file.content === 'person');
  expect(new Set(people.map((file) => file.identity)).size).toBe(6);
  const own = await Promise.all(
    people.map(async (file) => {
      const { words } = await control.decode(file.location);
      expect(words.filter((word) => word.identity !== file.identity)).toEqual([]);
      return words.map(({ identity, word, atMs }) => ({ identity, word, startMs: (file.startedAtMs ?? NaN) + atMs }));
    }),
  );
  await expectAllWords(control, { fromMs: whole.fromMs + edgeMs, toMs: whole.toMs - edgeMs }, own.flat());
  const incident = (await incidentsOf(api)).find((one) => one.jobId === begun.id && one.kind === 'refused');
  expect(incident).toMatchObject({ state: 'decided', detail: done.refusal?.said });
}

/** Egress is killed while it records: the desk takes over, and says so. */
async function killed(desk: WholeConsole): Promise<void> {
  const { api, control, serverId } = desk;
  const begun = await startRecording(api, serverId, 'killed');
  await jobWhen(api, begun, (one) => one.desk?.status === 'released', 'to be held by egress alone');
  await delay(2_000);
  const killedAtMs = Date.now();
  await control.drill('kill-job');
  await jobWhen(api, begun, (one) => one.engine === 'desk' && one.phase === 'recording', 'to be taken over');
  await delay(5_000);
  await api.stopJob({ jobId: begun.id });
  const done = await jobEnd(api, begun);
  expect(done).toMatchObject({ phase: 'done', engine: 'desk', egress: { status: 'failed' } });
  const takes = program(done, 'desk').toSorted((a, b) => (a.startedAtMs ?? 0) - (b.startedAtMs ?? 0));
  expect(takes).toHaveLength(2);
  for (const take of takes) await expectWhole(desk, take);
  const awayMs = (takes[1]?.startedAtMs ?? NaN) - killedAtMs;
  console.info(JSON.stringify({ takenOverAfterMs: awayMs }));
  expect(awayMs).toBeLessThan(3_000);
  const kinds = (await incidentsOf(api)).filter((one) => one.jobId === begun.id).map((one) => one.kind);
  expect(kinds.toSorted()).toEqual(['fallback', 'job']);
}

describeWith('ffmpeg', 'the main job on the rehearsal', () => {
  const withConsole = (egressLimit: number, run: (desk: WholeConsole) => Promise<void>) => () =>
    onQuietMachine(async () => {
      const desk = await openWholeConsole({ egressLimit });
      try {
        // A producer has the room open: its meters move before anything is started.
        const meters = await openMeters(desk.api, desk.serverId, 'town-hall');
        await run(desk);
        await meters.close();
      } finally {
        await desk.close();
      }
    });
  const timeout = 400_000;
  test.concurrent(
    'a minute by the direct feed, recorded by egress',
    { timeout },
    withConsole(2, (desk) => aMinute(desk, 'direct')),
  );
  test.concurrent(
    'the same minute by track-socket',
    { timeout },
    // Six speakers take six egress sessions, and the recording one.
    withConsole(8, (desk) => aMinute(desk, 'track-socket')),
  );
  test.concurrent(
    'refused at once, refused after 22 s, killed: no second of sound is missing',
    { timeout },
    withConsole(2, async (desk) => {
      await refused(desk, 429, 6_000);
      await refused(desk, 503, 3_000);
      await killed(desk);
    }),
  );
});
