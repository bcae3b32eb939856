// Destinations of a running job: what the server is asked, one call at a time, and what becomes of a call that half succeeds.
import { afterEach, describe, expect, test } from 'vitest';
import { JobController } from '../../src/core/jobs/job-controller.ts';
import type { EgressPort, EgressSnapshot } from '../../src/core/jobs/ports.ts';
import { silentLog } from '../../src/core/live/log.ts';
import type { Problem } from '../../src/shared/model/common.ts';
import { noResults, type EgressResults } from '../../src/shared/model/egress-results.ts';
import { programRequest, type JobRequest } from '../../src/shared/model/job-request.ts';
import { layoutTruth } from '../../src/shared/model/layout.ts';
import { ProblemError } from '../../src/shared/model/problem-error.ts';
import { redactAddress } from '../../src/shared/text/redact.ts';
import { JobEventRows, JobRows } from '../support/job-stores.ts';
import { FakeClock } from '../support/fake-clock.ts';

type Entry = EgressResults['streams'][number];
const raw = (id: string): string => `rtmp://host/live/${id}-secret-key`;
const book = new Map(['a', 'b', 'c'].map((id) => [id, raw(id)]));
const destination = (id: string) => ({ addressId: id, protocol: 'rtmp', url: redactAddress(raw(id)) }) as const;
const refusedWith = (problem: Partial<Problem>): ProblemError =>
  new ProblemError({ code: 'refused', fault: 'server', retryable: false, text: 'Refused.', ...problem });

/** A server that runs one job, and takes addresses as the real one does. */
class Server implements EgressPort {
  readonly calls: string[] = [];
  entries: Entry[] = [];
  status: EgressSnapshot['status'] = 'active';
  /** Held until `release`. */
  isHeld = false;
  release: () => void = () => {};
  answer: (() => void) | null = null;
  #updates = 0n;
  readonly #clock: FakeClock;
  constructor(clock: FakeClock) {
    this.#clock = clock;
  }
  now(): EgressSnapshot {
    return {
      egressId: 'EG_1',
      roomName: 'hall',
      kind: 'room-composite',
      status: this.status,
      startedAtMs: this.#clock.nowMs(),
      mediaStartedAtMs: 1,
      endedAtMs: null,
      updatedAtNs: this.#updates++,
      error: '',
      errorCode: 0,
      details: '',
      results: { ...noResults, streams: [...this.entries] },
    };
  }
  add(url: string, change: Partial<Entry> = {}): void {
    const startedAtMs = this.#clock.nowMs();
    const fresh = {
      status: 'active',
      startedAtMs,
      endedAtMs: null,
      error: '',
      retries: 0,
      lastRetryAtMs: null,
    } as const;
    this.entries.push({ url: redactAddress(url), ...fresh, ...change });
  }
  set(url: string, change: Partial<Entry>): void {
    this.entries = this.entries.map((one) =>
      one.url === redactAddress(url) && one.status === 'active' ? { ...one, ...change } : one,
    );
  }
  async start(_room: string, request: JobRequest): Promise<EgressSnapshot> {
    if ('outputs' in request) for (const id of request.outputs.stream?.destinationIds ?? []) this.add(raw(id));
    return this.now();
  }
  stop(): Promise<EgressSnapshot | null> {
    return Promise.resolve(null);
  }
  list(): Promise<readonly EgressSnapshot[]> {
    return Promise.resolve([this.now()]);
  }
  async updateLayout(egressId: string, layout: string): Promise<EgressSnapshot> {
    this.calls.push(`layout ${egressId} ${layout}`);
    return this.now();
  }
  async streamUrl({ addressId, url }: { readonly addressId: string | null; readonly url: string }): Promise<string> {
    const known = addressId === null ? null : book.get(addressId);
    if (known) return known;
    throw refusedWith({ code: 'address-unknown', text: `The address of ${url} is not kept.` });
  }
  async updateStream(
    _egressId: string,
    { addUrls, removeUrls }: { readonly addUrls: readonly string[]; readonly removeUrls: readonly string[] },
  ): Promise<EgressSnapshot> {
    this.calls.push([...addUrls.map((url) => `+${url}`), ...removeUrls.map((url) => `-${url}`)].join(' '));
    if (this.isHeld) await new Promise<void>((resolve) => (this.release = resolve));
    this.answer?.();
    for (const url of addUrls) this.add(url);
    for (const url of removeUrls) this.set(url, { status: 'finished' });
    return this.now();
  }
}

const open: JobController[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((controller) => controller.close()));
});

async function setUp(ids: readonly string[], hasFile = true) {
  const clock = new FakeClock();
  const server = new Server(clock);
  const store = new JobRows();
  const events = new JobEventRows();
  const told: string[] = [];
  const openController = (): JobController => {
    const controller = new JobController({
      store,
      events,
      egressOf: () => server,
      twinOf: (id) => redactAddress(book.get(id) ?? ''),
      desk: { open: () => Promise.reject(new Error('no desk here')) as never },
      found: [],
      onNotice: (_job, notice) => void told.push(notice.do),
      onPhase: () => {},
      onPresence: () => {},
      clock,
      log: silentLog,
    });
    open.push(controller);
    return controller;
  };
  const controller = openController();
  const program = programRequest('x');
  const stream = { protocol: 'rtmp', destinationIds: [...ids] } as const;
  const outputs = { ...program.outputs, stream, file: hasFile ? program.outputs.file : null };
  const request = { ...program, outputs: { ...outputs, stream: { ...stream, destinationIds: [...ids] } } };
  const job = controller.start({ serverId: 's', roomName: 'hall', mode: 'egress-only', request, title: 'a' });
  await clock.advance(10);
  const states = (of = controller): Record<string, string> =>
    Object.fromEntries(of.get(job.id).destinations.map((one) => [one.id, one.state]));
  return { clock, server, controller, openController, jobId: job.id, states, told };
}

describe('a destination of a running job', () => {
  test('is added and taken off by its whole address, which the page and the journal never see', async () => {
    const { server, controller, clock, jobId, states } = await setUp(['a']);
    expect(states()).toEqual({ a: 'live' });
    await controller.streams.add(jobId, destination('b'));
    expect(states()).toEqual({ a: 'live', b: 'adding' });
    await clock.advance(10);
    expect(states()).toEqual({ a: 'live', b: 'connecting' });
    await clock.advance(7_000);
    expect(states()).toEqual({ a: 'live', b: 'live' });
    await controller.streams.drop(jobId, 'a');
    await clock.advance(10);
    expect(states()).toEqual({ a: 'dropped', b: 'live' });
    expect(server.calls).toEqual([`+${raw('b')}`, `-${raw('a')}`]);
    expect(JSON.stringify(controller.get(jobId))).not.toContain('-secret-');
  });
  test('that egress gave up is added again by itself, as long as it is wanted', async () => {
    const { server, controller, clock, jobId, states, told } = await setUp(['a']);
    server.set(raw('a'), { status: 'failed', error: 'Connection refused' });
    await clock.advance(1_500);
    expect(controller.get(jobId).destinations[0]).toMatchObject({ state: 'waiting', tries: 1, canRetry: true });
    expect(server.calls).toEqual([]);
    await clock.advance(2_000);
    expect(server.calls).toEqual([`+${raw('a')}`]);
    await clock.advance(7_000);
    expect(states()).toEqual({ a: 'live' });
    expect(told).toEqual(['tellStreamGivenUp', 'tellStreamBack']);
    server.set(raw('a'), { status: 'failed', error: 'Connection refused' });
    await clock.advance(1_500);
    await controller.streams.drop(jobId, 'a');
    await clock.advance(120_000);
    expect(server.calls).toHaveLength(1);
    expect(states()).toEqual({ a: 'dropped' });
  });
  test('Retry now does not wait, and never adds one that is at the server', async () => {
    const { server, controller, clock, jobId } = await setUp(['a']);
    controller.streams.retryNow(jobId, 'a');
    await clock.advance(10);
    expect(server.calls).toEqual([]);
    server.set(raw('a'), { status: 'failed', error: 'Connection refused' });
    await clock.advance(1_100);
    controller.streams.retryNow(jobId, 'a');
    await clock.advance(10);
    expect(server.calls).toEqual([`+${raw('a')}`]);
  });
  test('waits while another call is under way; then what is due goes in one call', async () => {
    const { server, controller, clock, jobId } = await setUp(['a']);
    server.isHeld = true;
    await controller.streams.add(jobId, destination('b'));
    await controller.streams.add(jobId, destination('c'));
    await controller.streams.drop(jobId, 'a');
    await clock.advance(3_000);
    expect(server.calls).toEqual([`+${raw('b')}`]);
    server.isHeld = false;
    server.release();
    await clock.advance(10);
    expect(server.calls).toEqual([`+${raw('b')}`, `+${raw('c')} -${raw('a')}`]);
  });
  test('of a call that half succeeded stands as the server said of it, address by address', async () => {
    const { server, controller, clock, jobId, states } = await setUp(['a']);
    server.isHeld = true;
    await controller.streams.add(jobId, destination('b'));
    server.isHeld = false;
    await controller.streams.add(jobId, destination('c'));
    await controller.streams.drop(jobId, 'a');
    server.answer = () => {
      if (server.calls.length === 1) return;
      server.answer = null;
      server.set(raw('a'), { status: 'finished' });
      throw refusedWith({ said: `400 invalid_argument: invalid url ${redactAddress(raw('c'))}: invalid scheme` });
    };
    server.release();
    await clock.advance(10);
    expect(controller.get(jobId).destinations.find(({ id }) => id === 'c')).toMatchObject({
      state: 'failed',
      meaning: 'Its protocol is not that of this job.',
      canRetry: true,
    });
    await clock.advance(1_100);
    expect(states()).toMatchObject({ a: 'dropped', b: 'connecting', c: 'failed' });
  });
  test('whose answer was lost is looked for before it is added again', async () => {
    const { server, controller, clock, jobId, states } = await setUp(['a']);
    server.answer = () => {
      server.answer = null;
      server.add(raw('b')); // it arrived, and its answer did not
      throw refusedWith({ fault: 'network', retryable: true });
    };
    await controller.streams.add(jobId, destination('b'));
    await clock.advance(20_000);
    expect(states()).toEqual({ a: 'live', b: 'live' });
    expect(server.calls).toHaveLength(1);
  });
  test('outlives the console: what it was, what is wanted, and a call that was under way', async () => {
    const { server, controller, openController, clock, jobId, states } = await setUp(['a']);
    server.isHeld = true;
    await controller.streams.add(jobId, destination('b'));
    await clock.advance(10);
    const closed = controller.close();
    server.isHeld = false;
    server.release();
    await closed;
    const next = openController();
    next.servers.watch('s');
    await clock.advance(10);
    expect(states(next)).toEqual({ a: 'live', b: 'connecting' });
    expect(server.calls).toHaveLength(1);
  });
});

test('another layout is passed on and remembered; whether it is followed, the template decides', async () => {
  const { server, controller, jobId } = await setUp(['a']);
  await controller.layouts.change(jobId, 'grid');
  expect(server.calls).toEqual(['layout EG_1 grid']);
  expect(controller.get(jobId)).toMatchObject({ layoutSent: 'grid' });
  const { request } = controller.get(jobId);
  expect(layoutTruth(request, () => true)).toBe('stock');
  const own = { ...programRequest('x'), templateId: 't' };
  expect(layoutTruth(own, () => true)).toBe('follows');
  expect(layoutTruth(own, () => false)).toBe('silent');
  expect(layoutTruth({ ...programRequest('x', ''), tracks: 'audio' }, () => true)).toBe('none');
  expect(layoutTruth({ kind: 'room-sound' }, () => true)).toBe('none');
});

describe('what cannot be is refused, and changes nothing', () => {
  test('twice the same, another protocol, a job without a stream, the last one', async () => {
    const { server, controller, jobId, clock } = await setUp(['a'], false);
    await expect(controller.streams.add(jobId, destination('a'))).rejects.toMatchObject({ code: 'already-there' });
    const alike = { ...destination('b'), url: destination('a').url };
    await expect(controller.streams.add(jobId, alike)).rejects.toMatchObject({ code: 'looks-alike' });
    const srt = { addressId: 'b', protocol: 'srt', url: 'srt://host:1' } as const;
    await expect(controller.streams.add(jobId, srt)).rejects.toMatchObject({ code: 'other-protocol' });
    await expect(controller.streams.drop(jobId, 'a')).rejects.toMatchObject({ code: 'last-destination' });
    await expect(controller.streams.drop(jobId, 'x')).rejects.toMatchObject({ code: 'no-such-destination' });
    await clock.advance(10);
    expect(server.calls).toEqual([]);
    server.status = 'complete';
    await clock.advance(1_100);
    await expect(controller.streams.add(jobId, destination('b'))).rejects.toMatchObject({ code: 'job-over' });
  });
  test('one that others added, where its whole address is not known', async () => {
    const { server, controller, jobId, clock } = await setUp(['a']);
    server.add('rtmp://host/live/of-somebody-else');
    await clock.advance(1_100);
    const other = controller.get(jobId).destinations.find(({ addressId }) => addressId === null);
    await expect(controller.streams.drop(jobId, other?.id ?? '')).rejects.toMatchObject({ code: 'address-unknown' });
  });
});
