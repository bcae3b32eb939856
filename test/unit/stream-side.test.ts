// The destinations of a stream: each state from what the server lists, and two thousand orders of what can happen to them.
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { JobEvent } from '../../src/core/jobs/job-event.ts';
import { advance } from '../../src/core/jobs/job-machine.ts';
import { readJobState, type JobState } from '../../src/core/jobs/job-state.ts';
import { viewOf } from '../../src/core/jobs/job-view.ts';
import type { EgressSnapshot } from '../../src/core/jobs/ports.ts';
import { dueStreams, type CallResult, type StreamChange } from '../../src/core/jobs/streams/change-streams.ts';
import { isSameStream } from '../../src/core/jobs/streams/same-stream.ts';
import { streamTiming } from '../../src/core/jobs/streams/stream-side.ts';
import { firstStreams } from '../../src/core/jobs/streams/with-streams.ts';
import { noResults, type EgressResults } from '../../src/shared/model/egress-results.ts';
import { programRequest, type JobRequest } from '../../src/shared/model/job-request.ts';
import { askedJob } from '../support/asked-job.ts';

type Entry = EgressResults['streams'][number];
const twin = (id: string): string => `rtmp://host/live/{${id}...key}`;
const entry = (id: string, change: Partial<Entry> = {}): Entry => ({
  url: twin(id),
  status: 'active',
  startedAtMs: null,
  endedAtMs: null,
  error: '',
  retries: 0,
  lastRetryAtMs: null,
  ...change,
});
const refused = 'Connection refused: Could not connect to host: Connection refused';

function jobWith(ids: readonly string[]): JobState {
  const request: JobRequest = {
    ...programRequest('x'),
    outputs: { ...programRequest('x').outputs, stream: { protocol: 'rtmp', destinationIds: [...ids] } },
  };
  const job = askedJob({ roomName: 'hall', title: 'a', request, mode: 'egress-only', asksAgain: false }, 0);
  return { ...job, streams: firstStreams(request, twin, 0) };
}
const snapshot = (
  streams: readonly Entry[],
  updatedAtNs: number,
  status: EgressSnapshot['status'] = 'active',
): EgressSnapshot => ({
  egressId: 'EG_1',
  roomName: 'hall',
  kind: 'room-composite',
  status,
  startedAtMs: 0,
  mediaStartedAtMs: 1,
  endedAtMs: null,
  updatedAtNs: BigInt(updatedAtNs),
  error: '',
  errorCode: 0,
  details: '',
  results: { ...noResults, streams: [...streams] },
});

/** A job that is told one thing after the other. */
function told(job: JobState) {
  let state = job;
  let updates = 0;
  const send = (event: JobEvent): void => {
    state = advance(state, event).state;
  };
  return {
    lists: (atMs: number, streams: readonly Entry[], status?: EgressSnapshot['status']) =>
      send({ type: 'egressSeen', atMs, snapshot: snapshot(streams, ++updates, status) }),
    change: (atMs: number, change: StreamChange) => send({ type: 'streams', atMs, change }),
    of: (id: string) => viewOf(state).destinations.find((one) => one.id === id),
    due: (atMs: number) => {
      const { add, remove } = dueStreams(state.streams, atMs, streamTiming);
      return { add: add.map(({ id }) => id), remove: remove.map(({ id }) => id) };
    },
  };
}

describe('a destination', () => {
  test('of a starting job is live once its stream is created, not when it is listed as active', () => {
    const job = told(jobWith(['a']));
    expect(job.of('a')).toMatchObject({ state: 'starting' });
    job.lists(1_000, [entry('a')]);
    expect(job.of('a')).toMatchObject({ state: 'connecting', canRetry: false });
    job.lists(1_100, [entry('a', { startedAtMs: 1_050 })]);
    expect(job.of('a')).toMatchObject({ state: 'live', sinceMs: 1_050 });
  });
  test('that is added is live when it could have failed and has not', () => {
    const job = told(jobWith([]));
    job.lists(1_000, []);
    job.change(2_000, { do: 'add', addressId: 'b', url: twin('b'), replaces: null });
    expect(job.due(2_000)).toEqual({ add: ['b'], remove: [] });
    job.change(2_000, { do: 'call', addIds: ['b'], removeIds: [] });
    expect(job.due(2_000)).toEqual({ add: [], remove: [] });
    job.change(2_010, { do: 'answer', results: [{ id: 'b', outcome: 'done', said: '' }] });
    job.lists(2_010, [entry('b', { startedAtMs: 2_005 })]);
    expect(job.of('b')).toMatchObject({ state: 'connecting' });
    job.change(8_600, { do: 'tick' });
    expect(job.of('b')).toMatchObject({ state: 'live' });
  });
  test('that egress lost is left alone while egress tries, and is live again when 30 s have brought no failure', () => {
    const job = told(jobWith(['a']));
    job.lists(1_000, [entry('a', { startedAtMs: 900 })]);
    job.lists(60_000, [entry('a', { startedAtMs: 900, retries: 1, lastRetryAtMs: 59_990 })]);
    expect(job.of('a')).toMatchObject({ state: 'reconnecting', sinceMs: 60_000, canRetry: false });
    job.change(61_000, { do: 'retryNow', id: 'a' });
    expect(job.due(61_000)).toEqual({ add: [], remove: [] });
    job.change(91_000, { do: 'tick' });
    expect(job.of('a')).toMatchObject({ state: 'live' });
    job.lists(200_000, [entry('a', { startedAtMs: 900, retries: 2, lastRetryAtMs: 199_990 })]);
    expect(job.of('a')).toMatchObject({ state: 'reconnecting' });
  });
  test('that egress gave up is added again with back-off, sooner on demand, and begins anew once it was steady', () => {
    const job = told(jobWith(['a']));
    const failed = entry('a', { status: 'failed', error: refused });
    job.lists(1_000, [failed]);
    expect(job.of('a')).toMatchObject({
      state: 'waiting',
      tries: 1,
      nextTryAtMs: 3_000,
      meaning: 'Nothing listens at its address.',
      said: refused,
      canRetry: true,
    });
    expect(job.due(2_999)).toEqual({ add: [], remove: [] });
    expect(job.due(3_000)).toEqual({ add: ['a'], remove: [] });
    job.change(3_000, { do: 'call', addIds: ['a'], removeIds: [] });
    job.change(3_010, { do: 'answer', results: [{ id: 'a', outcome: 'done', said: '' }] });
    job.lists(3_200, [failed, failed]);
    expect(job.of('a')).toMatchObject({ state: 'waiting', tries: 2, nextTryAtMs: 7_200 });
    job.change(4_000, { do: 'retryNow', id: 'a' });
    job.change(4_000, { do: 'call', addIds: ['a'], removeIds: [] });
    job.change(4_010, { do: 'answer', results: [{ id: 'a', outcome: 'done', said: '' }] });
    job.lists(4_020, [failed, failed, entry('a', { startedAtMs: 4_005 })]);
    job.change(11_000, { do: 'tick' });
    expect(job.of('a')).toMatchObject({ state: 'live', tries: 2, said: '' });
    job.change(80_000, { do: 'tick' });
    expect(job.of('a')).toMatchObject({ state: 'live', tries: 0 });
  });
  test('is dropped: taken off where it is at the server, forgotten where it is given up', () => {
    const job = told(jobWith(['a', 'b']));
    job.lists(1_000, [entry('a', { startedAtMs: 900 }), entry('b', { status: 'failed', error: refused })]);
    job.change(2_000, { do: 'drop', id: 'a' });
    job.change(2_000, { do: 'drop', id: 'b' });
    expect(job.of('b')).toMatchObject({ state: 'dropped' });
    expect(job.of('a')).toMatchObject({ state: 'dropping' });
    expect(job.due(2_000)).toEqual({ add: [], remove: ['a'] });
    job.change(2_000, { do: 'call', addIds: [], removeIds: ['a'] });
    job.change(2_010, { do: 'answer', results: [{ id: 'a', outcome: 'done', said: '' }] });
    expect(job.of('a')).toMatchObject({ state: 'dropped', canDrop: false });
    job.change(90_000, { do: 'tick' });
    expect(job.due(90_000)).toEqual({ add: [], remove: [] });
  });
  test('is replaced only once the other one is live', () => {
    const job = told(jobWith(['a']));
    const a = entry('a', { startedAtMs: 900 });
    job.lists(1_000, [a]);
    job.change(2_000, { do: 'add', addressId: 'b', url: twin('b'), replaces: 'a' });
    job.change(2_000, { do: 'call', addIds: ['b'], removeIds: [] });
    job.change(2_010, { do: 'answer', results: [{ id: 'b', outcome: 'done', said: '' }] });
    job.lists(2_200, [a, entry('b', { status: 'failed', error: refused })]);
    expect(job.due(2_200)).toEqual({ add: [], remove: [] });
    expect(job.of('a')).toMatchObject({ state: 'live' });
    job.change(4_300, { do: 'call', addIds: ['b'], removeIds: [] });
    job.change(4_310, { do: 'answer', results: [{ id: 'b', outcome: 'done', said: '' }] });
    job.lists(4_320, [a, entry('b', { status: 'failed' }), entry('b', { startedAtMs: 4_305 })]);
    job.change(11_000, { do: 'tick' });
    expect(job.of('b')).toMatchObject({ state: 'live', replaces: null });
    expect(job.due(11_000)).toEqual({ add: [], remove: ['a'] });
  });
  test('whose call had no answer is not added again before the list has told', () => {
    const job = told(jobWith([]));
    job.lists(1_000, []);
    job.change(2_000, { do: 'add', addressId: 'b', url: twin('b'), replaces: null });
    job.change(2_000, { do: 'call', addIds: ['b'], removeIds: [] });
    job.change(10_000, { do: 'answer', results: [{ id: 'b', outcome: 'unknown', said: '' }] });
    job.change(60_000, { do: 'tick' });
    expect(job.due(60_000)).toEqual({ add: [], remove: [] });
    job.change(60_001, { do: 'looked' });
    expect(job.due(60_001)).toEqual({ add: ['b'], remove: [] });
  });
  test('that others added is shown, and neither added again nor taken off', () => {
    const job = told(jobWith([]));
    job.lists(100_000, [entry('x', { startedAtMs: 1_000 })]);
    const id = `at ${twin('x')}`;
    expect(job.of(id)).toMatchObject({ addressId: null, state: 'live', canDrop: true });
    job.lists(101_000, [entry('x', { status: 'failed', error: refused })]);
    expect(job.of(id)).toMatchObject({ state: 'failed', canRetry: false });
    expect(job.due(200_000)).toEqual({ add: [], remove: [] });
  });
  test('ends with its job, as it stood', () => {
    const job = told(jobWith(['a', 'b']));
    job.lists(1_000, [entry('a', { startedAtMs: 900 }), entry('b', { status: 'failed', error: refused })]);
    job.lists(
      9_000,
      [entry('a', { status: 'finished' }), entry('b', { status: 'failed', error: refused })],
      'complete',
    );
    expect(job.of('a')).toMatchObject({ state: 'finished' });
    expect(job.of('b')).toMatchObject({ state: 'failed', canRetry: false, canDrop: false });
  });
});

test('short forms are known again in the addresses that egress makes of them', () => {
  expect(isSameStream('mux://{8e0...2ae}', 'rtmps://global-live.mux.com:443/app/{8e0...2ae}')).toBe(true);
  expect(isSameStream('twitch://{liv...abc}', 'rtmps://fra05.contribute.live-video.net/app/{liv...abc}')).toBe(true);
  expect(
    isSameStream(
      'rtmps://ber02.contribute.live-video.net/app/{liv...abc}',
      'rtmps://fra05.contribute.live-video.net/app/{liv...abc}',
    ),
  ).toBe(true);
  expect(isSameStream('twitch://{liv...abc}', 'rtmp://other/app/{liv...abc}')).toBe(false);
});

/** Mulberry32: the same orders each time. */
function random(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A server that breaks, as the real one does, when an address is added that is there. */
class Server {
  entries: Entry[] = [];
  updates = 0;
  add(url: string, atMs: number): void {
    if (this.entries.some((one) => one.url === url && one.status === 'active')) throw new Error(`${url} added twice`);
    this.entries = [...this.entries, { ...entry('', { startedAtMs: atMs }), url }];
    this.updates++;
  }
  remove(url: string): void {
    this.#set(url, { status: 'finished' });
  }
  fail(url: string): void {
    this.#set(url, { status: 'failed', error: refused });
  }
  lose(url: string, atMs: number): void {
    this.#set(url, { retries: 1, lastRetryAtMs: atMs });
  }
  live(): string[] {
    return this.entries.filter(({ status }) => status === 'active').map(({ url }) => url);
  }
  now(): EgressSnapshot {
    return snapshot(this.entries, this.updates);
  }
  #set(url: string, change: Partial<Entry>): void {
    this.entries = this.entries.map((one) =>
      one.url === url && one.status === 'active' ? { ...one, ...change } : one,
    );
    this.updates++;
  }
}

function anyOrder(seed: number): void {
  const next = random(seed);
  const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(next() * list.length)];
  const ids = ['a', 'b', 'c'];
  const server = new Server();
  let state = jobWith(['a', 'b']);
  let atMs = 1_000;
  let call: readonly CallResult[] | null = null;
  let late: EgressSnapshot[] = [];
  const send = (change: StreamChange): void => {
    state = advance(state, { type: 'streams', atMs, change }).state;
  };
  const see = (seen: EgressSnapshot): void => {
    state = advance(state, { type: 'egressSeen', atMs, snapshot: seen }).state;
  };
  const look = (): void => {
    see(server.now());
    send({ do: 'looked' });
  };
  /** What the runner does. `mood`: how the server takes a call. */
  const ask = (mood: 'well' | 'lost before' | 'lost after' | 'refused'): void => {
    const due = dueStreams(state.streams, atMs, streamTiming);
    if (call === null && due.lost.length > 0)
      send({ do: 'answer', results: due.lost.map(({ id }) => ({ id, outcome: 'unknown', said: '' })) });
    else if (call === null && due.add.length + due.remove.length > 0) {
      send({ do: 'call', addIds: due.add.map(({ id }) => id), removeIds: due.remove.map(({ id }) => id) });
      const isTaken = mood === 'well' || mood === 'lost after';
      if (isTaken) {
        for (const one of due.add) server.add(one.url, atMs);
        for (const one of due.remove) server.remove(one.url);
        late.push(server.now());
      }
      const outcome = mood === 'well' ? 'done' : mood === 'refused' ? 'refused' : 'unknown';
      call = [...due.add, ...due.remove].map(({ id }) => ({ id, outcome, said: '' }));
    }
  };
  const answer = (): void => {
    if (call) send({ do: 'answer', results: call });
    call = null;
  };

  for (const id of ['a', 'b']) server.add(twin(id), atMs);
  look();
  const steps: readonly (() => void)[] = [
    () => (atMs += next() * 12_000),
    () => (atMs += next() * 1_000),
    look,
    () => ask('well'),
    () => ask(pick(['lost before', 'lost after', 'refused'] as const) ?? 'well'),
    answer,
    () => server.fail(pick(server.live()) ?? ''),
    () => server.lose(pick(server.live()) ?? '', atMs),
    () => late.push(server.now()),
    () => see(pick(late) ?? server.now()),
    () => send({ do: 'tick' }),
    () => {
      const id = pick(ids) ?? 'a';
      send({ do: 'add', addressId: id, url: twin(id), replaces: next() < 0.3 ? (pick(ids) ?? null) : null });
    },
    () => send({ do: 'drop', id: pick(ids) ?? 'a' }),
    () => send({ do: 'retryNow', id: pick(ids) ?? 'a' }),
    () => {
      // The console is killed: a call under way is forgotten, the journal is read again.
      call = null;
      const read = readJobState(JSON.stringify(state));
      if (!isDeepStrictEqual(read, state)) throw new Error(`seed ${seed}: the journal does not give the job back`);
      state = read ?? state;
    },
  ];
  for (let step = 0; step < 60; step++) pick(steps)?.();

  // All is well again: within a few minutes what is wanted is on air, once, and nothing else is.
  for (let round = 0; round < 50; round++) {
    atMs += 3_000;
    answer();
    look();
    ask('well');
    answer();
  }
  atMs += 60_000;
  look();
  const wanted = state.streams.filter(({ wish, step }) => wish === 'on' && step.at !== 'over').map(({ url }) => url);
  const live = server.live().toSorted().join(' ');
  if (live !== wanted.toSorted().join(' ')) throw new Error(`seed ${seed}: wanted ${wanted.join(' ')}, on air ${live}`);
  const stuck = viewOf(state).destinations.find((one) => !/^(live|dropped|finished)$/.test(one.state));
  if (stuck) throw new Error(`seed ${seed}: ${stuck.id} is ${stuck.state} for ever`);
}

test('in two thousand orders of losses, looks, calls, wishes and crashes nothing is added twice, and the end is what was wanted', () => {
  for (let seed = 1; seed <= 2_000; seed++) anyOrder(seed);
});
