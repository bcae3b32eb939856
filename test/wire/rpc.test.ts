// The same suite over memory and over a real WebSocket: a port must not change what a call means.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, expectTypeOf, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import { webSocketPort } from '../../src/headless/websocket-port.ts';
import { silentLog } from '../../src/core/live/log.ts';
import { ProblemError } from '../../src/shared/model/problem-error.ts';
import { connect } from '../../src/shared/rpc/connect.ts';
import { call, logFeed, stateFeed, type Client, type Handlers } from '../../src/shared/rpc/contract.ts';
import { memoryPortPair } from '../../src/shared/rpc/memory-port.ts';
import type { Port } from '../../src/shared/rpc/port.ts';
import { serve } from '../../src/shared/rpc/serve.ts';

const contract = {
  greet: call(z.object({ name: z.string().min(1).max(9) }), z.object({ text: z.string() })),
  hang: call(z.object({}), z.null()),
  lie: call(z.object({}), z.object({ n: z.number() })),
  count: logFeed(z.object({ upTo: z.number() }), z.object({ n: z.number() })),
  present: stateFeed(z.object({}), z.object({ n: z.number() })),
};

const cleanUp: (() => void)[] = [];
afterEach(() => {
  for (const end of cleanUp.splice(0)) end();
});

async function webSocketPair(): Promise<readonly [Port, Port]> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const [[far]] = (await Promise.all([once(server, 'connection'), once(client, 'open')])) as [[WebSocket], unknown];
  cleanUp.push(() => (client.terminate(), server.close()));
  return [webSocketPort(client, silentLog), webSocketPort(far, silentLog)];
}

interface Seen {
  readonly aborts: unknown[];
  readonly ended: string[];
  readonly unforeseen: string[];
  readonly ignored: string[];
  calls: number;
}
const ports = [
  ['memory', async () => memoryPortPair()],
  ['WebSocket', webSocketPair],
] as const;

describe.each(ports)('calls and feeds over %s', (_name, pair) => {
  async function start(): Promise<{
    api: Client<typeof contract>;
    near: Port;
    far: Port;
    seen: Seen;
    arrived: (feed: string) => Promise<void>;
  }> {
    const [near, far] = await pair();
    cleanUp.push(() => near.close());
    const seen: Seen = { aborts: [], ended: [], unforeseen: [], ignored: [], calls: 0 };
    const handlers: Handlers<typeof contract> = {
      greet: async ({ name }) => {
        seen.calls++;
        if (name === 'nobody') {
          throw new ProblemError({
            code: 'no-such',
            fault: 'yours',
            retryable: false,
            text: 'No such person.',
            said: '404',
          });
        }
        if (name === 'broken') throw new Error('secret=hunter2');
        return { text: `Hello ${name}` };
      },
      hang: (_params, signal) =>
        new Promise((_resolve, reject) => {
          seen.calls++;
          signal.addEventListener('abort', () => {
            seen.aborts.push(signal.reason);
            reject(signal.reason as Error);
          });
        }),
      lie: async () => ({ n: 'no number' }) as unknown as { n: number },
      async *count({ upTo }, signal) {
        try {
          for (let n = 1; n <= upTo && !signal.aborted; n++) yield { n };
          if (upTo < 0) for (let n = 1; !signal.aborted; n++) yield await delay(1, { n });
        } finally {
          seen.ended.push('count');
        }
      },
      async *present() {
        for (let n = 1; n <= 50; n++) yield { n };
        seen.ended.push('present');
      },
    };
    serve(far, contract, handlers, {
      maxOpen: 4,
      onUnforeseen: (error, method) => seen.unforeseen.push(`${method}: ${(error as Error).message}`),
      onProtocolError: (reason) => seen.ignored.push(reason),
    });
    const api = connect(near, contract);
    /** Everything that this feed says has arrived: an answer comes behind it. */
    const arrived = async (feed: string): Promise<void> => {
      await expect.poll(() => seen.ended).toContain(feed);
      await api.greet({ name: 'Maya' });
    };
    return { api, near, far, seen, arrived };
  }

  it('answers a call with typed, checked data', async () => {
    const { api } = await start();
    const answer = await api.greet({ name: 'Maya' });
    expectTypeOf(answer).toEqualTypeOf<{ text: string }>();
    expect(answer).toEqual({ text: 'Hello Maya' });
  });

  it('tells a problem with its code, and nothing of an error that nobody foresaw', async () => {
    const { api, seen } = await start();
    await expect(api.greet({ name: 'nobody' })).rejects.toMatchObject({
      name: 'ProblemError',
      problem: { code: 'no-such', fault: 'yours', text: 'No such person.', said: '404' },
    });
    const error = await api.greet({ name: 'broken' }).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'internal' });
    expect(JSON.stringify((error as ProblemError).problem)).not.toContain('hunter2');
    expect(seen.unforeseen).toEqual(['greet: secret=hunter2']);
  });

  it('refuses parameters, methods and results that are not of the contract', async () => {
    const { api, near, seen } = await start();
    await expect(api.greet({ name: '' })).rejects.toMatchObject({ code: 'bad-params' });
    expect(seen.calls).toBe(0);
    await expect(api.lie({})).rejects.toMatchObject({ code: 'internal' });
    const stranger = connect(near, {
      toString: call(z.object({}), z.null()),
      constructor: call(z.object({}), z.null()),
    });
    await expect(stranger.constructor({})).rejects.toMatchObject({ code: 'unknown-method' });
  });

  it('aborts the handler when the caller gives up, before and after the call', async () => {
    const { api, seen } = await start();
    const caller = new AbortController();
    const waiting = api.hang({}, { signal: caller.signal });
    await expect.poll(() => seen.calls).toBe(1);
    caller.abort(new Error('dialog closed'));
    await expect(waiting).rejects.toThrow('dialog closed');
    await expect.poll(() => seen.aborts.length).toBe(1);
    await expect(api.greet({ name: 'late' }, { signal: caller.signal })).rejects.toThrow('dialog closed');
    expect(seen.calls).toBe(1);
  });

  it('brings every item of a log, in order, and ends', async () => {
    const { api, seen } = await start();
    const numbers: number[] = [];
    for await (const { n } of api.count({ upTo: 500 })) numbers.push(n);
    expect(numbers).toEqual(Array.from({ length: 500 }, (_, index) => index + 1));
    expect(seen.ended).toEqual(['count']);
  });

  it('fails a log whose reader is too far behind, rather than lose items', async () => {
    const { api, arrived } = await start();
    const reader = api.count({ upTo: 12_000 })[Symbol.asyncIterator]();
    await reader.next();
    await arrived('count'); // nothing is read meanwhile
    const read = async (): Promise<number> => {
      for (let count = 1; ; count++) if ((await reader.next()).done) return count;
    };
    await expect(read()).rejects.toMatchObject({ code: 'overrun' });
  });

  it('keeps only the newest unread value of a state', async () => {
    const { api, arrived } = await start();
    const numbers: number[] = [];
    for await (const { n } of api.present({})) {
      numbers.push(n);
      await arrived('present');
    }
    expect(numbers.at(-1)).toBe(50);
    expect(numbers.length).toBeLessThanOrEqual(2);
  });

  it('ends the feed at the core when the reader leaves, by break or by signal', async () => {
    const { api, seen } = await start();
    for await (const { n } of api.count({ upTo: -1 })) if (n === 3) break;
    await expect.poll(() => seen.ended).toEqual(['count']);
    const reader = new AbortController();
    for await (const { n } of api.count({ upTo: -1 }, { signal: reader.signal })) if (n === 3) reader.abort();
    await expect.poll(() => seen.ended).toEqual(['count', 'count']);
  });

  it('refuses more open calls than its limit, and takes new ones afterwards', async () => {
    const { api } = await start();
    const callers = Array.from({ length: 4 }, () => new AbortController());
    const held = callers.map((caller) => api.hang({}, { signal: caller.signal }).catch(() => 'given up'));
    await expect(api.greet({ name: 'fifth' })).rejects.toMatchObject({
      code: 'too-many-calls',
      problem: { retryable: true },
    });
    for (const caller of callers) caller.abort();
    expect(await Promise.all(held)).toEqual(['given up', 'given up', 'given up', 'given up']);
    await expect.poll(() => api.greet({ name: 'again' }).catch(() => null)).toEqual({ text: 'Hello again' });
  });

  it('ignores and counts what is not of the protocol, and goes on', async () => {
    const { api, near, seen } = await start();
    const junk = [
      null,
      7,
      'call',
      [],
      {},
      { type: 'call' },
      { type: 'call', id: -1, method: 'greet' },
      { type: 'abort', id: 'x' },
    ];
    for (const message of [...junk, { type: 'call', id: 9, method: 'x'.repeat(65), params: {} }]) near.send(message);
    await expect.poll(() => seen.ignored.length).toBe(junk.length + 1);
    near.send({ type: 'abort', id: 12_345 }); // of nothing: harmless
    expect(await api.greet({ name: 'still' })).toEqual({ text: 'Hello still' });
  });

  it('settles everything on both sides when the port closes', async () => {
    const { api, far, seen } = await start();
    const call = api.hang({});
    const feed = (async () => {
      for await (const item of api.count({ upTo: -1 })) void item;
    })();
    const outcomes = Promise.allSettled([call, feed]);
    await expect.poll(() => seen.calls).toBe(1);
    far.close();
    expect(await outcomes).toMatchObject([{ reason: { code: 'closed' } }, { reason: { code: 'closed' } }]);
    await expect.poll(() => seen.aborts).toMatchObject([{ code: 'closed' }]);
    await expect.poll(() => seen.ended).toEqual(['count']);
    await expect(api.greet({ name: 'late' })).rejects.toMatchObject({ code: 'closed' });
  });
});
