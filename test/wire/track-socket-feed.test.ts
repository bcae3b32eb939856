import { afterEach, beforeEach, expect, test } from 'vitest';
import type { FeedEvent } from '../../src/core/feeds/audio-feed.ts';
import { TrackSocketFeed } from '../../src/core/feeds/track-socket-feed.ts';
import { usualLimits, type TrackSocketLimits } from '../../src/core/feeds/track-socket/calls.ts';
import { EgressReceiver } from '../../src/core/ingest/websocket/server.ts';
import { createLog, silentLog } from '../../src/core/live/log.ts';
import { StateCell } from '../../src/core/live/state-cell.ts';
import { ProblemError } from '../../src/shared/model/problem-error.ts';
import type { Person } from '../../src/shared/model/room.ts';
import { settledHeapBytes } from '../support/heap.ts';
import { Recorder } from '../support/recorder.ts';
import { openResources, risenResources } from '../support/resources.ts';
import { ScriptedEgress, type ScriptedEgressOptions } from '../support/scripted-egress.ts';
import { SteadyClock } from '../support/steady-clock.ts';

let receiver: EgressReceiver;
let clock: SteadyClock;
let logLines: string[];
const closers: (() => Promise<void>)[] = [];
beforeEach(async () => {
  clock = new SteadyClock();
  logLines = [];
  receiver = await EgressReceiver.open({ host: '127.0.0.1', port: 0, log: silentLog });
});
afterEach(async () => {
  for (let close = closers.pop(); close; close = closers.pop()) await close();
  await receiver.close();
  await clock.close();
});

const person = (identity: string, sids: readonly string[], more: Partial<Person['tracks'][number]> = {}): Person => ({
  sid: `PA_${identity}`,
  identity,
  name: identity.toUpperCase(),
  kind: 'standard',
  joinedAtMs: 1,
  isMuted: false,
  isSpeaking: false,
  tracks: [
    { sid: `TR_V_${identity}`, kind: 'video', source: 'camera', name: '', isMuted: false, isEncrypted: false },
    ...sids.map((sid) => ({
      sid,
      kind: 'audio' as const,
      source: 'microphone' as const,
      name: '',
      isMuted: false,
      isEncrypted: false,
      ...more,
    })),
  ],
});

function open(
  people: readonly Person[] | null,
  options: Partial<ScriptedEgressOptions> = {},
  limits: Partial<TrackSocketLimits> = {},
) {
  const egress = new ScriptedEgress({ clock, lagMs: 120, ...options });
  const cell = new StateCell<readonly Person[] | null>(people);
  const feed = new TrackSocketFeed({
    roomName: 'hall',
    people: cell,
    calls: egress.calls,
    sockets: receiver,
    clock,
    log: createLog((line) => logLines.push(line)),
    limits: { ...usualLimits, settleMs: 100, ...limits },
  });
  closers.push(() => feed.close());
  const events = new Recorder<FeedEvent>();
  feed.on(events.take);
  return { egress, cell, feed, events };
}
const isType =
  <K extends FeedEvent['type']>(type: K) =>
  (event: FeedEvent): event is Extract<FeedEvent, { type: K }> =>
    event.type === type;

test('each microphone is a source with its measured lag; closing keeps the last words', async () => {
  const { egress, feed, events } = open([person('anna', ['TR_A']), person('ben', ['TR_B']), person('carl', [])]);
  await events.until('both live', (event) => event.type === 'state' && event.text === 'Sound of 2 of 2 arrives');
  const sources = events.all.filter(isType('sourceOpened'));
  expect(new Set(sources.map(({ identity, trackSid }) => `${identity} ${trackSid}`))).toEqual(
    new Set(['anna TR_A', 'ben TR_B']),
  );
  for (const source of sources) {
    expect(source.lagMs).toBeGreaterThanOrEqual(100);
    expect(source.lagMs).toBeLessThan(220);
    expect(Math.abs(source.startedAtMs + source.lagMs - clock.nowMs())).toBeLessThan(1_000);
  }
  await events.until('20 blocks', (event) => event.type === 'pcm' && event.firstSample >= 480 * 20);
  await feed.close();
  expect([...egress.stopped].sort()).toEqual(['EG_1', 'EG_2']);
  for (const source of sources) {
    const blocks = events.all.filter(isType('pcm')).filter(({ sourceId }) => sourceId === source.sourceId);
    let next = 0;
    for (const block of blocks) {
      expect(block.firstSample).toBe(next);
      next += block.samples.length;
    }
    // The short message with which an egress ends after its drain.
    expect([...(blocks.at(-1)?.samples ?? [])]).toEqual(Array.from({ length: 34 }, () => 77));
    expect(next).toBeGreaterThan(480 * 20);
  }
  expect(events.all.filter(isType('sourceClosed')).map(({ reason }) => reason)).toEqual(['stopped', 'stopped']);
  expect(events.all.filter(isType('gap'))).toEqual([]);
  expect(events.all.at(-1)).toMatchObject({ type: 'state', state: 'ended' });
});

test('a dead egress is replaced at once and the gap is dated; the others do not notice', async () => {
  const { egress, events } = open([person('anna', ['TR_A']), person('ben', ['TR_B'])]);
  await events.until('both live', (event) => event.type === 'state' && event.text === 'Sound of 2 of 2 arrives');
  const first = await egress.started.until('the egress of anna', ({ trackSid }) => trackSid === 'TR_A');
  const diedMs = clock.nowMs();
  first.socket.terminate();
  const gap = await events.until('the gap', isType('gap'));
  expect(clock.nowMs() - diedMs).toBeLessThan(2_000);
  const [old, fresh] = events.all.filter(isType('sourceOpened')).filter(({ identity }) => identity === 'anna');
  expect(gap.sourceId).toBe(fresh?.sourceId);
  expect(gap.toMs).toBe(fresh?.startedAtMs);
  const heard = events.all.filter(isType('pcm')).filter(({ sourceId }) => sourceId === old?.sourceId);
  const samples = heard.reduce((sum, block) => sum + block.samples.length, 0);
  expect(gap.fromMs).toBeCloseTo((old?.startedAtMs ?? 0) + samples / 48, 3);
  expect(events.all.filter(isType('sourceClosed'))).toEqual([
    { type: 'sourceClosed', sourceId: old?.sourceId, reason: 'died' },
  ]);
  const told = await events.until('its state', (event) => event.type === 'state' && event.state === 'reconnecting');
  expect(told).toMatchObject({ identity: 'anna', problem: { code: 'egress-died', retryable: true } });
  expect(egress.starts).toBe(3);
  await events.until('all well', (event) => event.type === 'state' && event.text === 'Sound of 2 of 2 arrives', {
    from: events.all.indexOf(told),
  });
});

test('an egress that ends by itself while its track is there is replaced too', async () => {
  const { egress, events } = open([person('anna', ['TR_A'])]);
  await events.until('sound', isType('pcm'));
  egress.finish(await egress.started.until('the egress', () => true));
  const gap = await events.until('the gap', isType('gap'));
  expect(gap.cause).toBe('The egress ended.');
  expect(egress.stopped).toEqual([]);
});

test('a republished microphone is a new egress, and who leaves is heard to the end without a stop', async () => {
  const { egress, cell, events } = open([person('anna', ['TR_A'])]);
  await events.until('sound', isType('pcm'));
  const first = await egress.started.until('the egress', () => true);
  cell.set([person('anna', ['TR_A2'])]);
  egress.finish(first); // as LiveKit does when the track has gone
  await events.until('the new source', (event) => event.type === 'sourceOpened' && event.trackSid === 'TR_A2');
  const second = await egress.started.until('the second egress', ({ trackSid }) => trackSid === 'TR_A2');
  await events.until('its sound', (event) => event.type === 'pcm' && event.sourceId.startsWith('TR_A2'));
  cell.set([]);
  egress.finish(second);
  await events.until('the leaving', (event) => event.type === 'sourceClosed' && event.reason === 'left');
  expect(events.all.filter(isType('sourceClosed')).map(({ reason }) => reason)).toEqual(['unpublished', 'left']);
  expect(egress.stopped).toEqual([]);
  expect(events.all.filter(isType('gap'))).toEqual([]);
  expect(events.all.filter(isType('state')).at(-1)?.text).toBe('Waiting for somebody with a microphone');
});

const refusal = (retryable: boolean): ProblemError =>
  new ProblemError({ code: 'no-capacity', fault: 'server', retryable, text: 'LiveKit has no free egress.' });

test('a refusal is told for its person and repeated where that may help; the wait counts as a gap', async () => {
  const beganMs = clock.nowMs();
  const { egress, events } = open([person('anna', ['TR_A'])], {
    refuse: (_sid, start) => {
      if (start < 3) throw refusal(true);
    },
  });
  const told = await events.until('the refusal', (event) => event.type === 'state' && event.identity === 'anna');
  expect(told).toMatchObject({ state: 'connecting', problem: { code: 'no-capacity' } });
  const gap = await events.until('the gap', isType('gap'));
  expect(egress.starts).toBe(3);
  expect(gap.cause).toBe('LiveKit has no free egress.');
  expect(gap.fromMs).toBeGreaterThanOrEqual(beganMs);
  expect(gap.toMs - gap.fromMs).toBeGreaterThan(500); // two waits of the back-off
});

test('a refusal for good is told once and not repeated, also of a track that is encrypted', async () => {
  const { egress, events } = open([person('anna', ['TR_A']), person('ben', ['TR_B'], { isEncrypted: true })], {
    refuse: () => {
      throw refusal(false);
    },
  });
  await events.until('the first', (event) => event.type === 'state' && event.problem?.code === 'no-capacity');
  await events.until('the second', (event) => event.type === 'state' && event.problem?.code === 'track-encrypted');
  await clock.delay(700); // twice the first wait of the back-off
  expect(egress.starts).toBe(1);
});

test('an egress that never comes is told and given up', async () => {
  const { egress, events } = open([person('anna', ['TR_A'])], { neverDial: true }, { dialLimitMs: 80 });
  const told = await events.until('the news', (event) => event.type === 'state' && event.problem !== undefined);
  expect(told).toMatchObject({ problem: { code: 'egress-never-came', fault: 'network' } });
  expect(egress.stopped).toEqual(['EG_1']);
});

test('mutes of the socket are told, and a wrong clock of LiveKit does not date the sound', async () => {
  const { egress, feed, events } = open([person('anna', ['TR_A'])]);
  const running = await egress.started.until('the egress', () => true);
  running.socket.send('{"muted":true}');
  await events.until('the mute', (event) => event.type === 'muted' && event.isMuted);
  running.socket.send('{"muted":false}');
  await events.until('the unmute', (event) => event.type === 'muted' && !event.isMuted);
  await feed.close();

  const skewed = new ScriptedEgress({ clock, lagMs: 120 });
  const other = new TrackSocketFeed({
    roomName: 'hall',
    people: new StateCell<readonly Person[] | null>([person('anna', ['TR_A'])]),
    calls: { ...skewed.calls, egressStartedAtMs: () => Promise.resolve(clock.nowMs() - 3_600_000) },
    sockets: receiver,
    clock,
    log: silentLog,
  });
  closers.push(() => other.close());
  const heard = new Recorder<FeedEvent>();
  other.on(heard.take);
  const source = await heard.until('the source', isType('sourceOpened'));
  expect(Math.abs(clock.nowMs() - source.startedAtMs)).toBeLessThan(1_000);
  expect(source.lagMs).toBeLessThan(400);
});

test('an egress that does not end after its stop is let go at the limit', async () => {
  const { egress, feed, events } = open([person('anna', ['TR_A'])], { lagMs: 30 }, { drainLimitMs: 150 });
  await events.until('sound', isType('pcm'));
  egress.finish = () => {}; // it hears the stop and goes on
  await feed.close();
  expect(logLines.join('\n')).toContain('the end of the egress took longer than 150 ms');
  expect(events.all.filter(isType('sourceClosed')).map(({ reason }) => reason)).toEqual(['stopped']);
});

test('1,000 feeds opened and closed leave nothing', { timeout: 120_000 }, async () => {
  const cycle = async (): Promise<void> => {
    const { feed, events } = open([person('anna', ['TR_A'])], { lagMs: 0 });
    closers.pop(); // closed here
    await events.until('sound', isType('pcm'));
    await feed.close();
  };
  const before = openResources();
  for (let round = 0; round < 50; round++) await cycle();
  expect(await risenResources(before)).toEqual({});
  const heapBytes = await settledHeapBytes();
  for (let round = 0; round < 100; round++) await Promise.all(Array.from({ length: 10 }, cycle));
  expect(await risenResources(before)).toEqual({});
  expect((await settledHeapBytes()) - heapBytes).toBeLessThan(5 * 1024 * 1024);
});
