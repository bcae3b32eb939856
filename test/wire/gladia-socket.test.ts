import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { networkTransport } from '../../src/core/captions/gladia/gladia-socket.ts';
import type { Heard } from '../../src/core/captions/gladia/heard.ts';
import { gladiaLimits, type GladiaLimits } from '../../src/core/captions/gladia/limits.ts';
import { Transcriber, type TranscriberEvent } from '../../src/core/captions/transcriber.ts';
import { transcriberPolicy } from '../../src/core/captions/transcriber-policy.ts';
import { createLog } from '../../src/core/live/log.ts';
import { openGladiaStandIn, type GladiaStandIn } from '../../src/rehearsal/gladia/stand-in.ts';
import { freePort } from '../support/free-port.ts';
import { openResources, risenResources } from '../support/resources.ts';
import { SteadyClock } from '../support/steady-clock.ts';
import { lexicon, toneSpeech, type ToneWord } from '../support/tone-speech.ts';

const key = 'the-secret-key-of-gladia';
/** The waits of the product, shortened where our clock waits; those of a request and of a handshake are the wall's. */
const limits: GladiaLimits = {
  ...gladiaLimits,
  backoff: { firstMs: 30, factor: 2, maxMs: 300, jitter: 0.3 },
  ackTimeoutMs: 700,
  stopTimeoutMs: 2_500,
};
const channels = 2;
/** Sound is played ten times as fast as it was spoken. */
const chunkEveryMs = 10;

let clock: SteadyClock;
const closers: (() => Promise<void>)[] = [];
beforeEach(() => {
  clock = new SteadyClock();
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  await clock.close();
});

async function standIn(options: { concurrency?: number; port?: number } = {}): Promise<GladiaStandIn> {
  const gladia = await openGladiaStandIn({ lexicon, key, afterStopMs: 20, ...options });
  closers.push(() => gladia.close());
  return gladia;
}

class Run {
  readonly events: TranscriberEvent[] = [];
  readonly logged: string[] = [];
  readonly transcriber: Transcriber;
  readonly spoken: readonly (readonly ToneWord[])[];
  readonly #voices: readonly Int16Array[];
  readonly #shown = new Map<string, Heard>();
  #chunk = 0;

  constructor(url: string, lengthMs: number, own: Partial<GladiaLimits> = {}, account: { key?: string } = {}) {
    const speech = Array.from({ length: channels }, (_, band) => toneSpeech({ band, lengthMs, sampleRateHz: 16_000 }));
    this.spoken = speech.map((each) => each.words);
    this.#voices = speech.map((each) => each.pcm);
    const all = { ...limits, ...own };
    this.transcriber = new Transcriber({
      account: { url, key, region: 'eu-west', ...account },
      transport: networkTransport(all),
      language: 'en',
      channels,
      limits: all,
      policy: transcriberPolicy,
      clock,
      log: createLog((line) => this.logged.push(line)),
      on: (event) => {
        this.events.push(event);
        if (event.type === 'heard') this.#shown.set(event.id, event.heard);
        if (event.type === 'withdrawn') this.#shown.delete(event.id);
      },
    });
    closers.push(() => this.transcriber.close());
  }

  /** Plays up to this time of the speech. */
  async playTo(ms: number): Promise<void> {
    for (; this.#chunk * 100 < ms; this.#chunk++) {
      const pcm = new Int16Array(1_600 * channels);
      this.#voices.forEach((voice, channel) => {
        for (let i = 0; i < 1_600; i++) pcm[i * channels + channel] = voice[this.#chunk * 1_600 + i] ?? 0;
      });
      this.transcriber.push({ startMs: this.#chunk * 100, pcm });
      await clock.delay(chunkEveryMs);
    }
  }

  async until(what: (event: TranscriberEvent) => boolean): Promise<TranscriberEvent> {
    for (;;) {
      const found = this.events.find(what);
      if (found) return found;
      await clock.delay(5);
    }
  }
  async untilState(state: string): Promise<void> {
    const seen = this.events.length;
    while (!this.events.slice(seen).some((event) => event.type === 'state' && event.state === state))
      await clock.delay(5);
  }

  problems(): string[] {
    return this.events.flatMap((event) => (event.type === 'problem' ? [event.problem.code] : []));
  }
  expectAllOnce(): void {
    this.spoken.forEach((words, channel) => {
      const finals = [...this.#shown.values()].filter((heard) => heard.isFinal && heard.channel === channel);
      const heard = finals.flatMap((each) => each.words).sort((a, b) => a.startMs - b.startMs);
      expect(heard.map((word) => word.text)).toEqual(words.map((word) => word.word));
      heard.forEach((word, i) => expect(Math.abs(word.startMs - (words[i]?.startMs ?? 0))).toBeLessThan(60));
    });
    expect(this.events.filter((event) => event.type === 'lost')).toEqual([]);
    for (const line of this.logged) {
      expect(line).not.toContain(key);
      expect(line).not.toMatch(/token/);
    }
  }
}

const faults: readonly [string, (gladia: GladiaStandIn) => void, Partial<GladiaLimits>?][] = [
  ['nothing', () => {}],
  ['the network drops', (gladia) => void gladia.faults.closeNow('terminate')],
  ['code 1011', (gladia) => void gladia.faults.closeNow(1011)],
  ['code 1013', (gladia) => void gladia.faults.closeNow(1013)],
  ['code 4000, a new session', (gladia) => void gladia.faults.closeNow(4000)],
  ['code 1008, a new session', (gladia) => void gladia.faults.closeNow(1008)],
  [
    'a drop, and the upgrade is refused with 429',
    (gladia) => {
      gladia.faults.refuseUpgrade(429);
      gladia.faults.closeNow('terminate');
    },
  ],
  [
    'a drop, and the upgrade is refused with 404',
    (gladia) => {
      gladia.faults.refuseUpgrade(404);
      gladia.faults.closeNow('terminate');
    },
  ],
  [
    'a drop, and the upgrade is never answered',
    (gladia) => {
      gladia.faults.hangUpgrade();
      gladia.faults.closeNow('terminate');
    },
    { handshakeTimeoutMs: 400 },
  ],
  [
    'a drop, and the next connection is closed with 4403',
    (gladia) => {
      gladia.faults.closeAfterOpen(4403);
      gladia.faults.closeNow('terminate');
    },
  ],
  ['a connection that is not read any more', (gladia) => gladia.faults.stopReading()],
  [
    'late acknowledgements and a drop',
    (gladia) => {
      gladia.faults.lateAcks(150);
      gladia.faults.closeNow('terminate');
    },
  ],
  [
    'inclusive ranges and a drop',
    (gladia) => {
      gladia.faults.inclusiveAcks(true);
      gladia.faults.closeNow('terminate');
    },
  ],
  ['invalid JSON', (gladia) => gladia.faults.sendGarbage('{"type":')],
  ['JSON without a type', (gladia) => gladia.faults.sendGarbage('[1,2,3]')],
  ['an unknown type', (gladia) => gladia.faults.sendGarbage('{"type":"weather","data":{}}')],
  ['a transcript of the wrong shape', (gladia) => gladia.faults.sendGarbage('{"type":"transcript","data":{"id":7}}')],
  ['one refused chunk', (gladia) => gladia.faults.negativeAck('try again'), { ackTimeoutMs: 300 }],
];

describe('the bridge over real sockets', () => {
  it.each(faults)('keeps every word once through: %s', async (name, break_, own) => {
    const gladia = await standIn();
    const run = new Run(gladia.url, 12_000, own);
    await run.playTo(5_050);
    break_(gladia);
    await run.playTo(12_000);
    await run.transcriber.stop();
    run.expectAllOnce();
    const isUnreadable = ['invalid JSON', 'JSON without a type', 'a transcript of the wrong shape'].includes(name);
    expect(run.logged.filter((line) => line.includes('cannot be read'))).toHaveLength(isUnreadable ? 1 : 0);
  });

  it('keeps every word once through six drops in a row', async () => {
    const gladia = await standIn();
    const run = new Run(gladia.url, 16_000);
    for (let ms = 2_000; ms <= 12_000; ms += 2_000) {
      await run.playTo(ms + 70);
      gladia.faults.closeNow('terminate');
    }
    await run.playTo(16_000);
    await run.transcriber.stop();
    expect(gladia.sessions()).toHaveLength(1);
    run.expectAllOnce();
  });

  it.each([400, 401, 402, 403, 422])('takes HTTP %i as the last word and tells it', async (status) => {
    const gladia = await standIn();
    gladia.faults.refusePost({ status, message: `no, because ${key}` });
    const run = new Run(gladia.url, 1_000);
    const event = await run.until((each) => each.type === 'problem');
    expect(run.problems()).toEqual([`gladia-http-${status}`]);
    expect(JSON.stringify(event)).toContain('no, because {key}');
    expect(gladia.sessions()).toHaveLength(0);
  });

  it('does not take a wrong key', async () => {
    const gladia = await standIn();
    const run = new Run(gladia.url, 1_000, {}, { key: 'another-key' });
    await run.until((each) => each.type === 'problem');
    expect(run.problems()).toEqual(['gladia-http-401']);
  });

  it.each<[string, (gladia: GladiaStandIn) => void, number, Partial<GladiaLimits>?]>([
    [
      '429 with Retry-After',
      (gladia) => gladia.faults.refusePost({ status: 429, message: 'full', retryAfterS: 1 }),
      950,
    ],
    ['500', (gladia) => gladia.faults.refusePost({ status: 500, message: 'oh' }), 0],
    ['no answer', (gladia) => gladia.faults.hangPost(), 550, { createTimeoutMs: 600 }],
  ])('asks again after %s, and keeps what was said meanwhile', async (_name, arm, leastMs, own) => {
    const gladia = await standIn();
    arm(gladia);
    const beganMs = performance.now();
    const run = new Run(gladia.url, 8_000, own);
    const live = run.until((event) => event.type === 'state' && event.state === 'live').then(() => performance.now());
    await run.playTo(8_000);
    expect((await live) - beganMs).toBeGreaterThanOrEqual(leastMs);
    await run.transcriber.stop();
    run.expectAllOnce();
  });

  it('asks again while nobody answers at the address', async () => {
    const port = await freePort();
    const gladia = await standIn({ port });
    const { url } = gladia;
    await gladia.close();
    const run = new Run(url, 6_000);
    await run.until((event) => event.type === 'state' && event.state === 'reconnecting');
    const back = await openGladiaStandIn({ lexicon, key, port, afterStopMs: 20 });
    closers.push(() => back.close());
    await run.playTo(6_000);
    await run.transcriber.stop();
    run.expectAllOnce();
  });

  it('does not follow a redirect with the key', async () => {
    const asked: (string | undefined)[] = [];
    const other = createServer((request, response) => {
      asked.push(request.headers['x-gladia-key']?.toString());
      response.end('{}');
    });
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
    closers.push(async () => {
      other.closeAllConnections();
      other.close();
      await once(other, 'close');
    });
    const gladia = await standIn();
    gladia.faults.redirectPost(`http://127.0.0.1:${(other.address() as AddressInfo).port}/`); // a listening TCP server
    const run = new Run(gladia.url, 1_000);
    await run.until((each) => each.type === 'problem');
    expect(asked).toEqual([]);
    expect(run.problems()[0]).toMatch(/gladia-http-30\d/);
  });

  it.each(['wss://example.org/v2/live?token={token}', 'ftp://127.0.0.1/', 'http://'])(
    'does not go to %s when it is named as the address of the session',
    async (url) => {
      const gladia = await standIn();
      gladia.faults.nameUrl(url);
      const run = new Run(gladia.url, 1_000);
      await run.until((each) => each.type === 'problem');
      expect(run.problems()).toEqual(['gladia-address']);
      expect(JSON.stringify(run.events)).not.toContain('token=');
    },
  );

  it('understands a relative address', async () => {
    const gladia = await standIn();
    gladia.faults.nameUrl('/v2/live?token={token}');
    const run = new Run(gladia.url, 3_000);
    await run.playTo(3_000);
    await run.transcriber.stop();
    run.expectAllOnce();
  });

  it('stops politely before the session was given, and during an outage', async () => {
    const gladia = await standIn();
    const early = new Run(gladia.url, 2_000);
    const played = early.playTo(2_000);
    await played;
    await early.transcriber.stop();
    early.expectAllOnce();

    const late = new Run(gladia.url, 6_000);
    await late.playTo(6_000);
    const reconnecting = late.untilState('reconnecting');
    gladia.faults.closeNow('terminate');
    await reconnecting;
    await late.transcriber.stop();
    late.expectAllOnce();
    expect(gladia.sessions().every((session) => session.status === 'done')).toBe(true);
  });

  it('fetches the last words where the transcriber falls silent after the stop', async () => {
    const gladia = await standIn();
    const run = new Run(gladia.url, 4_000, { stopTimeoutMs: 600 });
    gladia.faults.silentAfterStop(true);
    await run.playTo(4_000);
    await run.transcriber.stop();
    run.expectAllOnce();
  });

  it('ends within its limit when the transcriber has gone for good, and dates what was lost', async () => {
    const gladia = await standIn();
    const run = new Run(gladia.url, 6_000, { stopTimeoutMs: 500, collectTimeoutMs: 300 });
    await run.playTo(3_000);
    await gladia.close();
    await run.playTo(6_000);
    const beganMs = clock.nowMs();
    await run.transcriber.stop();
    expect(clock.nowMs() - beganMs).toBeLessThan(2_500);
    const lost = run.events.find((event) => event.type === 'lost');
    expect(lost?.toMs).toBe(6_000);
  });

  it('leaves nothing behind after 200 sessions', async () => {
    const gladia = await standIn({ concurrency: 1_000 });
    const one = async (): Promise<void> => {
      const run = new Run(gladia.url, 500);
      await run.playTo(200);
      await run.transcriber.stop();
    };
    await one();
    closers.splice(1);
    const before = openResources();
    for (let i = 0; i < 20; i++) await Promise.all(Array.from({ length: 10 }, one));
    closers.splice(1);
    expect(await risenResources(before)).toEqual({});
    expect(gladia.sessions().filter((session) => session.status === 'done')).toHaveLength(201);
  });
});
