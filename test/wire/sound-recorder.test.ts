import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { mkdtemp, open, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { soundTools } from '../../src/core/audio/sound-tools.ts';
import { repairRecordings } from '../../src/core/desk/repair.ts';
import { SoundRecorder, type SoundRecorderOptions } from '../../src/core/desk/sound-recorder.ts';
import { wavHeaderBytes } from '../../src/core/desk/wav-header.ts';
import { silentLog } from '../../src/core/live/log.ts';
import type { Problem } from '../../src/shared/model/common.ts';
import { problemOf } from '../../src/shared/model/problem-error.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { describeWith, ffmpegPath } from '../support/require.ts';
import { ScriptedFeed } from '../support/scripted-feed.ts';

const run = promisify(execFile);
/** Time passes in steps of 10 ms; sound arrives between them. */
class FineClock extends FakeClock {
  arrivalMs: number | null = null;
  override nowMs(): number {
    return this.arrivalMs ?? super.nowMs();
  }
  override monotonicMs(): number {
    return this.nowMs();
  }
}
let folder = '';
let recorder: SoundRecorder | null = null;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cuedesk-sound-'));
});
afterEach(async () => {
  await recorder?.close().catch(() => {}); // a test that failed in the middle
  recorder = null;
  await rm(folder, { recursive: true, force: true });
});

function bench(options: Partial<SoundRecorderOptions> = {}) {
  const clock = new FineClock(1_795_003_200_000);
  const feed = new ScriptedFeed(clock, (atMs) => {
    clock.arrivalMs = atMs;
  });
  const problems: { problem: Problem; fileName: string }[] = [];
  const opened = SoundRecorder.open({
    jobId: 'job-1',
    feed,
    folder,
    baseName: 'Town hall',
    tools: soundTools,
    clock,
    log: silentLog,
    onProblem: (problem, fileName) => problems.push({ problem, fileName }),
    ...options,
  });
  recorder = opened;
  const play = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 10) {
      await clock.advance(10);
      feed.run();
    }
  };
  const close = async (): Promise<void> => {
    const closing = opened.close();
    for (let passed = 0; passed < 200; passed += 10) {
      await clock.advance(10);
      feed.run();
    }
    await closing;
  };
  return { clock, feed, recorder: opened, problems, play, close };
}

/** The samples of a file as its head says, and what the head says. */
async function read(path: string): Promise<{ samples: Int16Array; head: Buffer }> {
  const bytes = await readFile(path);
  const dataBytes = bytes.readUInt32LE(wavHeaderBytes - 4);
  expect(bytes.readUInt32LE(4)).toBe(bytes.length - 8);
  expect(dataBytes).toBe(bytes.length - wavHeaderBytes);
  return { samples: new Int16Array(bytes.buffer, bytes.byteOffset + wavHeaderBytes, dataBytes / 2), head: bytes };
}
/** Where sound begins after silence, in milliseconds. */
function onsets(samples: Int16Array): number[] {
  const found: number[] = [];
  for (let index = 0, quiet = 4_800; index < samples.length; index++) {
    if (samples[index] === 0) quiet++;
    else {
      if (quiet > 2_400) found.push(index / 48);
      quiet = 0;
    }
  }
  return found;
}
const tone = (amplitude: number) => (atMs: number) =>
  Math.round(amplitude * Math.sin((2 * Math.PI * 500 * atMs) / 1_000));

describe('Record here', () => {
  it('ends with the room, and says why; one that had not begun does not begin', async () => {
    const closed: Problem = { code: 'room-left-room-closed', fault: 'server', retryable: false, text: 'Closed.' };
    const { feed, recorder, play, close } = bench();
    feed.emit({ type: 'state', state: 'live' });
    await play(500);
    feed.emit({ type: 'state', state: 'ended', text: 'Closed.', problem: closed });
    expect(await recorder.failed).toEqual(closed);
    await close();
    expect(recorder.files()[0]?.durationMs).toBeGreaterThan(400); // what there is, is kept

    const second = bench();
    second.feed.emit({ type: 'state', state: 'ended', text: 'The room does not exist.' });
    await expect(second.recorder.began).rejects.toThrow('The room does not exist.');
    await second.close();
  });

  it('begins with the sound, gives each person a file on one time line, and the mix', async () => {
    const { clock, feed, recorder, play, close } = bench();
    const openedMs = clock.nowMs();
    feed.join({ sourceId: 'a', identity: 'ada', name: 'Ada Löve/lace', startedAtMs: openedMs, sampleAt: () => 1_000 });
    await play(1_000);
    const startedAtMs = await recorder.began;
    expect(startedAtMs - openedMs).toBeLessThan(1_000);
    feed.join({ sourceId: 'b', identity: 'bob', name: 'Bob', startedAtMs: openedMs + 1_000, sampleAt: () => 2_000 });
    await play(1_000);
    expect(recorder.peopleCount()).toBe(2);
    feed.leave('b');
    await play(1_000);
    feed.join({ sourceId: 'b2', identity: 'bob', name: 'Bob', startedAtMs: openedMs + 3_000, sampleAt: () => 3_000 });
    await play(1_000);
    const growing = (): number[] => recorder.files().map(({ durationMs }) => durationMs);
    await expect.poll(() => Math.min(...growing())).toBeGreaterThan(3_500); // the disk knows no fake time
    expect(recorder.levels().map(({ peakTenths }) => peakTenths)).toEqual([-183, -303, -208]);
    await close();
    const files = recorder.files();
    expect(files.map(({ name, identity }) => [name, identity])).toEqual([
      ['Town hall mix.wav', null],
      ['Town hall Ada Löve lace.wav', 'ada'],
      ['Town hall Bob.wav', 'bob'],
    ]);
    const lengthMs = clock.nowMs() - 200 - startedAtMs;
    for (const file of files) {
      expect(Math.abs(file.durationMs - lengthMs)).toBeLessThan(1);
      expect(file.startedAtMs).toBe(startedAtMs);
      expect((await stat(file.path)).size).toBe(file.bytes);
    }
    const [mix, ada, bob] = await Promise.all(files.map(async ({ path }) => (await read(path)).samples));
    const at = (samples: Int16Array | undefined, ms: number) =>
      samples?.[Math.round((openedMs + ms - startedAtMs) * 48)];
    expect([500, 1_500, 2_500, 3_500].map((ms) => at(ada, ms))).toEqual([1_000, 1_000, 1_000, 1_000]);
    expect([500, 1_500, 2_500, 3_500].map((ms) => at(bob, ms))).toEqual([0, 2_000, 0, 3_000]);
    expect([500, 1_500, 2_500, 3_500].map((ms) => at(mix, ms))).toEqual([1_000, 3_000, 1_000, 4_000]);
    expect(at(bob, 999.9)).toBe(0);
    expect(at(bob, 1_000.1)).toBe(2_000);
    expect((await readdir(folder)).sort()).toEqual(files.map(({ name }) => name).sort()); // no note is left
    expect([feed.listenerCount, clock.waiting]).toEqual([0, 0]);
  });

  it('keeps people within 10 ms of the truth for 10 minutes with clocks wrong by 200 ppm, joins, returns and holes', async () => {
    const { clock, feed, recorder, play, close } = bench();
    const openedMs = clock.nowMs();
    feed.emit({ type: 'state', state: 'live' });
    const startedAtMs = await recorder.began;
    /** A short tone of this person's own every 10 s of true time. */
    const beeper = (offsetMs: number) => (atMs: number) => {
      const inMs = (atMs - openedMs - offsetMs) % 10_000;
      return inMs >= 0 && inMs < 100 ? 1_000 + Math.round(500 * Math.sin(inMs)) : 0;
    };
    const join = (sourceId: string, identity: string, ppm: number, offsetMs: number): void =>
      feed.join({ sourceId, identity, name: identity, ppm, startedAtMs: clock.nowMs(), sampleAt: beeper(offsetMs) });
    join('fast', 'fast', 200, 1_000);
    join('slow', 'slow', -200, 3_000);
    await play(180_000);
    join('late', 'late', 200, 5_000);
    await play(120_000);
    feed.lose('fast', 2_000);
    await play(60_000);
    feed.leave('late');
    await play(60_000);
    join('late again', 'late', -200, 5_000);
    await play(180_000);
    await close();
    const files = recorder.files();
    expect(files.map(({ durationMs }) => Math.round(durationMs))).toEqual([600_000, 600_000, 600_000, 600_000]);
    const beeps = new Map<string, number[]>();
    for (const file of files) beeps.set(file.identity ?? 'mix', onsets((await read(file.path)).samples));
    const shift = startedAtMs - openedMs;
    for (const [identity, offsetMs, count] of [
      ['fast', 1_000, 60],
      ['slow', 3_000, 60],
      ['late', 5_000, 36],
    ] as const) {
      const heard = beeps.get(identity) ?? [];
      // The two seconds that were lost may hold one beep; joins cut none.
      expect(heard.length, identity).toBeGreaterThanOrEqual(count - 1);
      expect(heard.length, identity).toBeLessThanOrEqual(count);
      for (const ms of heard) {
        const off = (((ms + shift - offsetMs) % 10_000) + 10_000) % 10_000;
        expect(Math.min(off, 10_000 - off), `${identity} at ${ms} ms`).toBeLessThan(10);
      }
      for (const ms of heard)
        expect(
          Math.min(...(beeps.get('mix') ?? []).map((other) => Math.abs(other - ms))),
          'also in the mix',
        ).toBeLessThan(1);
    }
    const gaps = recorder.gaps();
    expect(gaps.map(({ identity }) => identity)).toEqual(['fast']);
    expect((gaps[0]?.toMs ?? 0) - (gaps[0]?.fromMs ?? 0)).toBeCloseTo(2_000, -1);
    expect(Math.abs((gaps[0]?.fromMs ?? 0) - (openedMs + 300_000 - 60))).toBeLessThan(30);
    // Silence takes no room: 4 files of 58 MB each.
    const used = await Promise.all(files.map(async ({ path }) => (await stat(path)).blocks * 512));
    expect(used.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(40_000_000);
  }, 180_000);

  it('adds what comes late to what was written, so that nothing is lost', async () => {
    const { clock, feed, recorder, play, close } = bench();
    const openedMs = clock.nowMs();
    feed.join({ sourceId: 'a', identity: 'ada', name: 'Ada', startedAtMs: openedMs, sampleAt: () => 1_000 });
    feed.join({ sourceId: 'b', identity: 'bob', name: 'Bob', startedAtMs: openedMs, sampleAt: () => 2_000 });
    await play(2_000);
    feed.hold('b', true);
    await play(3_000);
    feed.hold('b', false);
    await play(1_000);
    await close();
    const [mix, , bob] = await Promise.all(recorder.files().map(async ({ path }) => (await read(path)).samples));
    const steady = [mix, bob].map((samples) => new Set(samples?.subarray(480, 48 * 5_500)));
    expect(steady.map((values) => [...values])).toEqual([[3_000], [2_000]]);
    expect(recorder.gaps()).toEqual([]);
  });

  it('goes on through silence, a room without anybody, and two tracks of one person', async () => {
    const { clock, feed, recorder, play, close } = bench();
    feed.emit({ type: 'state', state: 'connecting' });
    await play(500);
    feed.emit({ type: 'state', state: 'live' });
    await play(5_000);
    // What is told is what the disk has; the disk knows no fake time.
    await expect.poll(() => recorder.files()[0]?.durationMs).toBeGreaterThan(4_000);
    const join = (sourceId: string, value: number): void =>
      feed.join({ sourceId, identity: 'ada', name: 'Ada', startedAtMs: clock.nowMs(), sampleAt: () => value });
    join('microphone', 1_000);
    join('screen', 500);
    await play(1_000);
    await close();
    expect(recorder.files().map(({ name }) => name)).toEqual(['Town hall mix.wav', 'Town hall Ada.wav']);
    const [mix, ada] = await Promise.all(recorder.files().map(async ({ path }) => (await read(path)).samples));
    expect([mix?.[48 * 5_500], ada?.[48 * 5_500], mix?.[48 * 4_000]]).toEqual([1_500, 1_500, 0]);
  });

  it('tells the same hole once when the feed told it too, with the words of the feed', async () => {
    const { clock, feed, recorder, play, close } = bench();
    feed.join({ sourceId: 'a', identity: 'ada', name: 'Ada', startedAtMs: clock.nowMs(), sampleAt: () => 100 });
    await play(1_000);
    const fromMs = clock.nowMs() - 60;
    feed.emit({ type: 'gap', sourceId: 'a', fromMs, toMs: fromMs + 500, cause: 'The connection was interrupted.' });
    feed.lose('a', 500);
    await play(1_000);
    await close();
    expect(recorder.gaps()).toHaveLength(1);
    expect(recorder.gaps()[0]).toMatchObject({ identity: 'ada', cause: 'The connection was interrupted.' });
  });

  it('begins a new part before a file grows too large, on the same time line', async () => {
    const { clock, feed, recorder, play, close } = bench({ partSamples: 48_000 });
    const openedMs = clock.nowMs();
    feed.join({
      sourceId: 'a',
      identity: 'ada',
      name: 'Ada',
      startedAtMs: openedMs,
      sampleAt: (atMs) => 1 + Math.floor((atMs - openedMs) / 10),
    });
    await play(2_500);
    await close();
    const mixes = recorder.files().filter(({ identity }) => identity === null);
    expect(mixes.map(({ name }) => name)).toEqual([
      'Town hall mix.wav',
      'Town hall mix (part 2).wav',
      'Town hall mix (part 3).wav',
    ]);
    const startedAtMs = await recorder.began;
    expect(mixes.map((file) => file.startedAtMs - startedAtMs)).toEqual([0, 1_000, 2_000]);
    const parts = await Promise.all(mixes.map(async ({ path }) => (await read(path)).samples));
    const whole = parts.flatMap((samples) => [...samples]);
    expect(whole.length).toBe(48 * 2_500 - Math.round((startedAtMs - openedMs) * 48));
    const steps = whole.slice(480).map((value, index) => value - (whole[index + 479] ?? 0));
    expect(new Set(steps)).toEqual(new Set([0, 1])); // no sample is missing or twice where parts meet
  });

  it('never takes a name that is there, and makes names that every system takes', async () => {
    await writeFile(join(folder, 'Town hall mix.wav'), 'somebody else');
    const { clock, feed, recorder, play, close } = bench();
    ['A:B', 'a*b', 'CON', ''].forEach((name, index) =>
      feed.join({ sourceId: name, identity: `id ${index}`, name, startedAtMs: clock.nowMs(), sampleAt: () => 1 }),
    );
    await play(500);
    await close();
    expect(recorder.files().map(({ name }) => name)).toEqual([
      'Town hall (2) mix.wav',
      'Town hall (2) A B.wav',
      'Town hall (2) a b (2).wav',
      'Town hall (2) _CON.wav',
      'Town hall (2) id 3.wav',
    ]);
    expect(await readFile(join(folder, 'Town hall mix.wav'), 'utf8')).toBe('somebody else');
  });
});

describe('a disk that fails', () => {
  it.skipIf(process.platform !== 'linux')(
    'loses one file to a full disk, says so, and records the others',
    async () => {
      let isFull = true;
      const { clock, feed, recorder, problems, play, close } = bench({
        openFile: (path) =>
          open(
            isFull && path.endsWith('Ada.wav') ? '/dev/full' : path,
            isFull && path.endsWith('Ada.wav') ? 'r+' : 'wx+',
          ),
      });
      let isOver = false;
      void recorder.failed.then(() => {
        isOver = true;
      });
      for (const name of ['Ada', 'Bob'])
        feed.join({ sourceId: name, identity: name, name, startedAtMs: clock.nowMs(), sampleAt: () => 1_000 });
      const names = (): string[] => recorder.files().map(({ name }) => name);
      await play(3_000);
      // Here and below the disk takes its own time, whatever the clock says.
      await expect
        .poll(() => problems.map(({ problem, fileName }) => [problem.code, problem.fault, fileName]))
        .toEqual([['disk-full', 'yours', 'Town hall Ada.wav']]);
      await expect.poll(names).toEqual(['Town hall mix.wav', 'Town hall Bob.wav']);
      isFull = false; // space was made: a new file begins by itself
      await play(12_000);
      await expect.poll(names).toContain('Town hall Ada.wav');
      await play(4_000);
      await close();
      expect(isOver).toBe(false);
      const ada = recorder.files().find(({ identity }) => identity === 'Ada');
      expect(ada?.durationMs).toBeGreaterThan(3_000);
      expect(recorder.gaps()).toMatchObject([{ identity: 'Ada', cause: 'The disk did not take the sound.' }]);
      const startedAtMs = await recorder.began;
      expect(recorder.gaps()[0]?.toMs).toBeCloseTo(ada?.startedAtMs ?? 0, 0);
      expect((ada?.startedAtMs ?? 0) - startedAtMs).toBeGreaterThan(9_000);
    },
  );

  it('that is full in the middle and has room again: what is missing is one hole, from the last that was taken to the next', async () => {
    let isFull = false;
    const { clock, feed, recorder, problems, play, close } = bench({
      openFile: async (path) => {
        const handle = await open(path, 'wx+');
        const write = handle.write.bind(handle) as (...args: unknown[]) => Promise<unknown>;
        const full = (): never => {
          throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
        };
        return Object.assign(handle, { write: (...args: unknown[]) => (isFull ? full() : write(...args)) });
      },
    });
    let isSpeaking = true;
    const sampleAt = (): number => (isSpeaking ? 1_000 : 0);
    feed.join({ sourceId: 'a', identity: 'ada', name: 'Ada', startedAtMs: clock.nowMs(), sampleAt });
    await play(3_000);
    await expect.poll(() => recorder.files()[0]?.durationMs).toBeGreaterThan(1_000); // the mix is on the disk
    isFull = true;
    await play(2_000);
    await expect.poll(() => problems.length).toBe(2); // the disk takes its own time, whatever the clock says
    isSpeaking = false; // a silence that could not be kept is missing too
    await play(2_000);
    isFull = false;
    isSpeaking = true;
    await play(12_000);
    await close();
    const [before, after] = recorder.files().filter(({ identity }) => identity === null);
    const holes = recorder.gaps().filter(({ identity }) => identity === null);
    expect(holes).toHaveLength(1);
    expect(holes[0]?.fromMs).toBeCloseTo((before?.startedAtMs ?? NaN) + (before?.durationMs ?? NaN), 0);
    expect(holes[0]?.toMs).toBeCloseTo(after?.startedAtMs ?? NaN, 0);
    expect(recorder.peopleCount()).toBe(1); // in two files
  });

  it.skipIf(process.platform !== 'linux')('ends by itself when no file can be written for half a minute', async () => {
    const { clock, feed, recorder, problems, play, close } = bench({ openFile: () => open('/dev/full', 'r+') });
    feed.join({ sourceId: 'a', identity: 'ada', name: 'Ada', startedAtMs: clock.nowMs(), sampleAt: () => 1_000 });
    await play(1_000);
    await expect.poll(() => problems.length).toBe(2);
    await play(44_000);
    expect((await recorder.failed).code).toBe('disk-full');
    await close();
    // It is known who was heard, and that nothing of it is kept.
    const lacksMs = recorder.gaps().flatMap((gap) => (gap.identity === null ? [gap.toMs - gap.fromMs] : []));
    expect([recorder.peopleCount(), recorder.files(), lacksMs.length]).toEqual([1, [], 1]);
    expect(lacksMs[0]).toBeGreaterThan(44_000);
  });

  it('says why it cannot begin', async () => {
    await writeFile(join(folder, 'a file'), '');
    const { recorder, close } = bench({ folder: join(folder, 'a file', 'below') });
    const problem = await recorder.began.then(
      () => null,
      (error: unknown) => problemOf(error),
    );
    expect(problem).toMatchObject({ code: 'folder-gone', fault: 'yours' });
    await close();
  });
});

describeWith('ffmpeg', 'the files as others see them', () => {
  const decode = async (path: string): Promise<Buffer> => {
    const { stdout, stderr } = await run(ffmpegPath(), ['-v', 'error', '-i', path, '-f', 's16le', '-'], {
      encoding: 'buffer',
      maxBuffer: 64 << 20,
    });
    expect(stderr.toString()).toBe('');
    return stdout;
  };

  it('carry date, time and place on the time line in UTC', async () => {
    const { clock, feed, recorder, play, close } = bench();
    await clock.advance(1_500);
    feed.emit({ type: 'state', state: 'live' });
    const startedAtMs = await recorder.began;
    await play(300);
    await close();
    const path = recorder.files()[0]?.path ?? '';
    const { stderr } = await run(ffmpegPath(), ['-hide_banner', '-i', path, '-f', 'null', '-']);
    const input = stderr.slice(0, stderr.indexOf('Output #0'));
    const tags = new Map(Array.from(input.matchAll(/^ +(\w+) +: (.*)$/gm), (match) => [match[1], match[2]?.trim()]));
    const iso = new Date(startedAtMs).toISOString();
    expect(tags.get('date')).toBe(iso.slice(0, 10));
    expect(tags.get('creation_time')).toBe(iso.slice(11, 19));
    expect(Number(tags.get('time_reference'))).toBe(Math.round((startedAtMs % 86_400_000) * 48));
    expect((await decode(path)).length).toBe((recorder.files()[0]?.bytes ?? 0) - wavHeaderBytes);
  });

  it('play what was written when their writer was killed, and are found and made whole at the next start', async () => {
    const program = join(import.meta.dirname, '../programs/record-until-killed.ts');
    const child = spawn(process.execPath, [program, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
    const exited = once(child, 'exit');
    let written = new Map<string, number>();
    for await (const line of createInterface({ input: child.stdout })) {
      if (!line.endsWith(']')) break; // killed in the middle of a word
      written = new Map(JSON.parse(line) as [string, number][]);
      if (written.size === 3 && Math.min(...written.values()) > 1_000) child.kill('SIGKILL');
    }
    await exited;
    const names = (await readdir(folder)).sort();
    expect(names).toEqual(['Town hall Ada.wav', 'Town hall Bob.wav', 'Town hall mix.wav', 'Town hall.recording.json']);
    const playable = new Map<string, number>();
    for (const name of names.filter((each) => each.endsWith('.wav'))) {
      const pcm = await decode(join(folder, name));
      playable.set(name, pcm.length / 96);
      expect(pcm.length / 96, name).toBeGreaterThanOrEqual(written.get(name) ?? Infinity);
      const last = new Int16Array(pcm.buffer, pcm.byteOffset + pcm.length - 9_600, 4_800);
      expect(Math.max(...last)).toBeGreaterThan(7_000); // sound to its very end
    }
    const { recordings, setAside } = await repairRecordings(folder, { nowMs: Date.now(), log: silentLog });
    expect(setAside).toEqual([]);
    expect(recordings).toHaveLength(1);
    const [found] = recordings;
    expect(found).toMatchObject({ jobId: 'job-killed', problems: [] });
    const startedAtMs = found?.startedAtMs ?? 0;
    expect(found?.files.map(({ identity }) => identity)).toEqual([null, 'Ada', 'Bob']);
    for (const file of found?.files ?? []) {
      expect(file.durationMs).toBeGreaterThan((playable.get(file.name) ?? Infinity) - 0.01);
      expect(file.startedAtMs).toBeCloseTo(startedAtMs, 0);
      expect((await decode(file.path)).length).toBe(file.bytes - wavHeaderBytes);
    }
    expect((found?.endedAtMs ?? 0) - startedAtMs).toBeGreaterThanOrEqual(Math.max(...written.values()));
    const again = await repairRecordings(folder, { nowMs: Date.now(), log: silentLog });
    expect(again.recordings).toHaveLength(1); // until it is written down
    await found?.forget();
    await found?.forget();
    expect((await repairRecordings(folder, { nowMs: Date.now(), log: silentLog })).recordings).toEqual([]);
  });
});

describe('repair', () => {
  const note = (files: readonly { name: string; identity: string | null }[], pid = 2 ** 22 + 1): string =>
    JSON.stringify({ version: 1, jobId: 'job-9', pid, startedAtMs: 1_795_003_200_000, files });

  it('makes a file whole whose sizes were never written, and leaves what is not ours', async () => {
    const { recorder, feed, play, close, clock } = bench();
    feed.join({ sourceId: 'a', identity: 'ada', name: 'Ada', startedAtMs: clock.nowMs(), sampleAt: tone(5_000) });
    await play(1_000);
    await close();
    const path = recorder.files()[1]?.path ?? '';
    const whole = await readFile(path);
    const broken = Buffer.from(whole);
    broken.writeUInt32LE(0, 4);
    broken.writeUInt32LE(0, wavHeaderBytes - 4);
    await writeFile(path, broken);
    await truncate(path, whole.length - 1); // an odd byte of a torn write
    await writeFile(join(folder, 'notes.wav'), 'my own notes');
    await writeFile(
      join(folder, 'x.recording.json'),
      note([
        { name: 'Town hall Ada.wav', identity: 'ada' },
        { name: 'notes.wav', identity: null },
        { name: 'gone.wav', identity: null },
        { name: '../outside.wav', identity: null },
      ]),
    );
    const { recordings } = await repairRecordings(folder, { nowMs: 0, log: silentLog });
    expect(recordings[0]?.files.map(({ name }) => name)).toEqual(['Town hall Ada.wav']);
    expect(recordings[0]?.problems.map(({ name, problem }) => [name, problem.code])).toEqual([
      ['notes.wav', 'file-not-ours'],
      ['gone.wav', 'file-gone'],
    ]);
    expect(await readFile(join(folder, 'notes.wav'), 'utf8')).toBe('my own notes');
    const { samples } = await read(path);
    expect(samples.length).toBe((whole.length - wavHeaderBytes) / 2 - 1);
  });

  it('keeps a note aside that it cannot read, and lets a recording alone that still runs', async () => {
    await writeFile(join(folder, 'torn.recording.json'), '{"version":1,');
    await writeFile(join(folder, 'odd.recording.json'), '{"version":7}');
    await writeFile(join(folder, 'runs.wav'), '');
    await writeFile(join(folder, 'runs.recording.json'), note([{ name: 'runs.wav', identity: null }], process.ppid));
    const { recordings, setAside } = await repairRecordings(folder, { nowMs: Date.now(), log: silentLog });
    expect(recordings).toEqual([]);
    expect(setAside.map(({ why }) => why)).toEqual([
      'It does not have the form that Cuedesk writes.',
      'It is not whole.',
    ]);
    for (const { path } of setAside) expect((await stat(path)).isFile()).toBe(true);
    expect((await readdir(folder)).some((name) => name === 'torn.recording.json')).toBe(false);
  });

  it('finds nothing in a folder that is not there', async () => {
    expect(await repairRecordings(join(folder, 'nothing'), { nowMs: 0, log: silentLog })).toEqual({
      recordings: [],
      setAside: [],
    });
  });
});
