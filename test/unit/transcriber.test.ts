import { describe, expect, it } from 'vitest';
import { gladiaLimits } from '../../src/core/captions/gladia/limits.ts';
import { SessionResult, type ServerUtterance } from '../../src/core/captions/gladia/messages.ts';
import type { Heard } from '../../src/core/captions/gladia/heard.ts';
import { Transcriber, type TranscriberEvent } from '../../src/core/captions/transcriber.ts';
import { transcriberPolicy } from '../../src/core/captions/transcriber-policy.ts';
import { silentLog } from '../../src/core/live/log.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { sayWord } from '../support/gladia-ear.ts';
import { SimulatedGladia, type SimulatedNature } from '../support/simulated-gladia.ts';

/** mulberry32: the same seed, the same run. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

interface Spoken {
  readonly word: string;
  readonly startMs: number;
}
const busChannels = 8;

/** Everybody speaks sentences of one to five words, with pauses. */
function speak(channels: number, lengthMs: number, random: () => number) {
  const spoken: Spoken[][] = [];
  const pcm = new Int16Array(lengthMs * 16 * busChannels);
  let index = 0;
  for (let channel = 0; channel < channels; channel++) {
    const words: Spoken[] = [];
    let atMs = 200 + Math.floor(random() * 1_000);
    while (atMs < lengthMs - 1_000) {
      for (let left = 1 + Math.floor(random() * 5); left > 0 && atMs < lengthMs - 1_000; left--) {
        sayWord(pcm, busChannels, channel, atMs * 16, index);
        words.push({ word: `w${index++}`, startMs: atMs });
        atMs += 240;
      }
      atMs += 350 + Math.floor(random() * 1_500);
    }
    spoken.push(words);
  }
  return { pcm, spoken };
}

interface Run {
  readonly clock: FakeClock;
  readonly gladia: SimulatedGladia;
  readonly transcriber: Transcriber;
  readonly events: TranscriberEvent[];
  finals(channel: number): { word: string; startMs: number }[];
  shown(): readonly Heard[];
}
function begin(nature: SimulatedNature, channels: number, policy: Partial<typeof transcriberPolicy> = {}): Run {
  const clock = new FakeClock();
  const gladia = new SimulatedGladia(clock, nature);
  const events: TranscriberEvent[] = [];
  const shown = new Map<string, Heard>();
  const transcriber = new Transcriber({
    account: { url: 'https://api.gladia.io', key: 'k', region: null },
    transport: gladia,
    language: 'en',
    channels,
    limits: gladiaLimits,
    policy: { ...transcriberPolicy, ...policy },
    clock,
    log: silentLog,
    on: (event) => {
      events.push(event);
      if (event.type === 'heard') shown.set(event.id, event.heard);
      if (event.type === 'withdrawn') shown.delete(event.id);
    },
  });
  return {
    clock,
    gladia,
    transcriber,
    events,
    shown: () => [...shown.values()],
    finals: (channel) =>
      [...shown.values()]
        .filter((heard) => heard.isFinal && heard.channel === channel)
        .flatMap((heard) => heard.words.map((word) => ({ word: word.text, startMs: word.startMs })))
        .sort((a, b) => a.startMs - b.startMs),
  };
}

async function play(run: Run, pcm: Int16Array, each: (chunk: number) => void): Promise<void> {
  const samples = 1_600 * busChannels;
  for (let chunk = 0; (chunk + 1) * samples <= pcm.length; chunk++) {
    run.transcriber.push({ startMs: chunk * 100, pcm: pcm.slice(chunk * samples, (chunk + 1) * samples) });
    each(chunk);
    await run.clock.advance(100);
  }
  const stopped = run.transcriber.stop();
  let isOver = false;
  void stopped.then(() => (isOver = true));
  for (let i = 0; i < 60 && !isOver; i++) await run.clock.advance(500);
  await stopped;
}

function expectAllOnce(run: Run, spoken: readonly Spoken[][]): void {
  spoken.forEach((words, channel) => {
    const heard = run.finals(channel);
    expect(heard.map((word) => word.word)).toEqual(words.map((word) => word.word));
    heard.forEach((word, i) => expect(Math.abs(word.startMs - (words[i]?.startMs ?? 0))).toBeLessThan(5));
  });
  expect(run.shown().every((heard) => heard.isFinal)).toBe(true);
  expect(run.events.filter((event) => event.type === 'lost')).toEqual([]);
}

describe('the transcriber', () => {
  const seeds = Array.from({ length: 60 }, (_, i) => i + 1);
  it.each(seeds)('loses and doubles no word over random drops, seed %i', async (seed) => {
    const random = randomOf(seed);
    const channels = 1 + Math.floor(random() * 3);
    const { pcm, spoken } = speak(channels, 40_000, random);
    const inclusive = random() < 0.5;
    const restarts = (['nothing', 'nothing', 'bytes', 'all'] as const)[Math.floor(random() * 4)] ?? 'nothing';
    const run = begin({ wayMs: () => 5 + Math.floor(random() * 400), inclusive, restarts }, channels);
    const drops = new Set(Array.from({ length: 1 + Math.floor(random() * 6) }, () => Math.floor(random() * 390)));
    await play(run, pcm, (chunk) => {
      if (drops.has(chunk)) run.gladia.drop(1006);
    });
    expect(run.gladia.sessions).toHaveLength(1);
    expectAllOnce(run, spoken);
  });

  it.each([3, 8])('nor where it drops every 3 s and counts bytes anew each time, seed %i', async (seed) => {
    const random = randomOf(2_000 + seed);
    const { pcm, spoken } = speak(1, 60_000, random);
    const run = begin({ wayMs: () => 5 + Math.floor(random() * 300), inclusive: false, restarts: 'bytes' }, 1);
    await play(run, pcm, () => {
      if (random() < 0.033) run.gladia.drop(1006);
    });
    expectAllOnce(run, spoken);
  });

  it.each(seeds.slice(0, 20))('loses and doubles no word when sessions end for good, seed %i', async (seed) => {
    const random = randomOf(1_000 + seed);
    const { pcm, spoken } = speak(2, 40_000, random);
    const run = begin({ wayMs: () => 5 + Math.floor(random() * 300), inclusive: false, restarts: 'nothing' }, 2);
    const ends = [50 + Math.floor(random() * 150), 220 + Math.floor(random() * 150)];
    const codes = [4403, 1008, 4000, 1006];
    await play(run, pcm, (chunk) => {
      if (!ends.includes(chunk)) return;
      const code = codes[Math.floor(random() * codes.length)] ?? 1006;
      run.gladia.drop(code);
    });
    expectAllOnce(run, spoken);
  });

  it('rolls over with an overlap, and takes more channels in the same way', async () => {
    const { pcm, spoken } = speak(3, 40_000, randomOf(7));
    // The third speaker comes later.
    const late = spoken[2]?.filter((word) => word.startMs > 21_000) ?? [];
    const fromMs = late[0]?.startMs ?? 0;
    for (let frame = 0; frame < fromMs * 16; frame++) pcm[frame * busChannels + 2] = 0;
    const run = begin({ wayMs: () => 40, inclusive: false, restarts: 'nothing' }, 2, { rollOverMs: 12_000 });
    await play(run, pcm, (chunk) => {
      if (chunk === 205) run.transcriber.setChannels(3);
    });
    expect(run.gladia.sessions.length).toBeGreaterThanOrEqual(4);
    expectAllOnce(run, [spoken[0] ?? [], spoken[1] ?? [], late]);
  });

  it('makes room for the new session where the plan has one only', async () => {
    const { pcm, spoken } = speak(1, 30_000, randomOf(9));
    const run = begin({ wayMs: () => 20, inclusive: false, restarts: 'nothing' }, 1, { rollOverMs: 10_000 });
    await play(run, pcm, (chunk) => {
      const isOneAlive = run.gladia.sessions.some((session) => session.isAlive);
      run.gladia.refuseCreate = chunk > 5 && isOneAlive ? 429 : null;
    });
    expect(run.gladia.sessions.length).toBeGreaterThanOrEqual(2);
    expectAllOnce(run, spoken);
  });

  it.each([
    ['is refused', 402, ['gladia-http-402']],
    ['ends before it has taken over', null, []],
  ])('goes on in the session that it has where the next one %s, and asks again', async (_what, refusal, told) => {
    const { pcm, spoken } = speak(1, 100_000, randomOf(11));
    const run = begin({ wayMs: () => 20, inclusive: false, restarts: 'nothing' }, 1, { rollOverMs: 10_000 });
    await play(run, pcm, (chunk) => {
      run.gladia.refuseCreate = chunk > 5 && chunk < 300 ? refusal : null;
      const [, second] = run.gladia.sessions;
      if (chunk < 300 && second?.connection?.isOpen) run.gladia.drop(4001, [second]);
      if (chunk === 900) expect(run.gladia.sessions.filter((session) => session.isAlive)).toHaveLength(1);
    });
    expect(run.gladia.sessions[0]?.connection?.isOpen).toBe(false);
    const states = new Set(run.events.flatMap((event) => (event.type === 'state' ? [event.state] : [])));
    expect([...states]).toEqual(['connecting', 'live', 'ended']);
    expect(run.events.flatMap((event) => (event.type === 'problem' ? [event.problem.code] : []))).toEqual(told);
    expectAllOnce(run, spoken);
  });

  it('keeps the session that it has until the next one hears, however long that takes', async () => {
    const { pcm, spoken } = speak(1, 50_000, randomOf(12));
    const nature = { wayMs: () => 20, inclusive: false, restarts: 'nothing' } as const;
    const run = begin(nature, 1, { rollOverMs: 10_000, bufferMs: 15_000 });
    await play(run, pcm, (chunk) => {
      run.gladia.refuseCreate = chunk > 5 && chunk < 400 ? 503 : null;
    });
    expect(run.gladia.sessions.length).toBeGreaterThanOrEqual(2);
    expectAllOnce(run, spoken);
  });

  it('dates what it could not keep, and nothing else', async () => {
    const { pcm, spoken } = speak(1, 60_000, randomOf(3));
    const run = begin({ wayMs: () => 20, inclusive: false, restarts: 'nothing' }, 1, { bufferMs: 5_000 });
    await play(run, pcm, (chunk) => {
      if (chunk === 100) {
        run.gladia.refuseCreate = 503;
        run.gladia.drop(4000);
      }
      if (chunk === 300) run.gladia.refuseCreate = null;
    });
    const lost = run.events.filter((event) => event.type === 'lost');
    const fromMs = Math.min(...lost.map((event) => event.fromMs));
    const toMs = Math.max(...lost.map((event) => event.toMs));
    expect(lost.length * 100).toBe(toMs - fromMs);
    expect(fromMs).toBeGreaterThan(6_500); // the utterance that was open when the session ended
    expect(fromMs).toBeLessThanOrEqual(10_000);
    expect(toMs).toBeGreaterThan(24_000);
    const heard = new Set(run.finals(0).map((word) => word.word));
    const words = spoken[0] ?? [];
    const isOutside = (word: Spoken): boolean => word.startMs + 200 <= fromMs || word.startMs >= toMs;
    const isInside = (word: Spoken): boolean => word.startMs >= fromMs && word.startMs + 200 <= toMs;
    expect(words.filter(isInside).length).toBeGreaterThan(10);
    expect(words.filter((word) => isOutside(word) && !heard.has(word.word))).toEqual([]);
    expect(words.filter((word) => isInside(word) && heard.has(word.word))).toEqual([]);
    expect(run.finals(0)).toHaveLength(heard.size);
  });

  it('gives up after three sessions that end within five minutes, and says so', async () => {
    const { pcm } = speak(1, 20_000, randomOf(4));
    const run = begin({ wayMs: () => 20, inclusive: false, restarts: 'nothing' }, 1);
    await play(run, pcm, (chunk) => {
      if (chunk % 30 === 20) run.gladia.drop(4001);
    });
    expect(run.gladia.sessions).toHaveLength(3);
    expect(run.events.some((event) => event.type === 'problem' && event.problem.code === 'gladia-keeps-ending')).toBe(
      true,
    );
    expect(run.events.some((event) => event.type === 'lost')).toBe(true);
  });

  it('rests when there is nothing to transcribe, and wakes with the next sound', async () => {
    const { pcm, spoken } = speak(1, 20_000, randomOf(5));
    const words = (spoken[0] ?? []).filter((word) => word.startMs >= 10_000);
    const fromMs = words[0]?.startMs ?? 0;
    for (let frame = 0; frame < fromMs * 16; frame++) pcm[frame * busChannels] = 0;
    const run = begin({ wayMs: () => 20, inclusive: false, restarts: 'nothing' }, 1);
    await play(run, pcm, (chunk) => {
      if (chunk === 40) run.gladia.drop(4504);
      if (chunk === 80) expect(run.gladia.sessions).toHaveLength(1);
    });
    expect(run.gladia.sessions).toHaveLength(2);
    expect(run.events.some((event) => event.type === 'state' && event.state === 'resting')).toBe(true);
    expectAllOnce(run, [words]);
  });

  it('fetches the last words of a long session, and tells none of it a second time', async () => {
    const { pcm, spoken } = speak(1, 200_000, randomOf(13));
    const run = begin({ wayMs: () => 20, inclusive: false, restarts: 'nothing' }, 1);
    const connect = run.gladia.connect.bind(run.gladia);
    run.gladia.connect = (url, handlers) => {
      const socket = connect(url, handlers);
      // The stop never arrives: what it would have brought is fetched.
      return { ...socket, send: (data) => typeof data !== 'string' && socket.send(data) };
    };
    run.gladia.collect = () => {
      const [session] = run.gladia.sessions;
      session?.ear.flush();
      return Promise.resolve(session?.ear.finals as readonly ServerUtterance[]);
    };
    await play(run, pcm, () => {});
    expectAllOnce(run, spoken);
  });

  it('does not loop when each connection is closed at once', async () => {
    const run = begin({ wayMs: () => 1, inclusive: false, restarts: 'nothing' }, 1);
    const { pcm } = speak(1, 20_000, randomOf(6));
    const connect = run.gladia.connect.bind(run.gladia);
    run.gladia.connect = (url, handlers) =>
      connect(url, {
        ...handlers,
        onOpen: () => {
          handlers.onOpen();
          handlers.onClosed(1013);
        },
      });
    await play(run, pcm, () => {});
    // 0.3, 0.6, 1.2, 2.4, 4.8, 9.6 s with jitter
    expect(run.gladia.connects).toBeLessThan(12);
    expect(run.gladia.connects).toBeGreaterThan(3);
  });
});

it('takes of the words that are fetched after the end all that can be read', () => {
  const said = (text: unknown) => ({ start: 1, end: 2, confidence: 0.9, channel: 0, words: [], text, language: 'en' });
  const utterances = [said('one'), said(null), said('two')];
  const { result } = SessionResult.parse({ status: 'done', result: { transcription: { utterances } } });
  expect(result?.transcription?.utterances.map(({ text }) => text)).toEqual(['one', 'two']);
});
