// Hand-overs with the real job controller: a server with a session limit, its free sessions, and the desk.
import { afterEach, expect, test } from 'vitest';
import { HandOverWatch } from '../../src/core/jobs/hand-over/hand-over-watch.ts';
import { JobController } from '../../src/core/jobs/job-controller.ts';
import { isInUse, type EgressPort, type EgressSnapshot } from '../../src/core/jobs/ports.ts';
import { silentLog } from '../../src/core/live/log.ts';
import { sessionLengths } from '../../src/core/observe/session-lengths.ts';
import { noResults } from '../../src/shared/model/egress-results.ts';
import type { AutoStop } from '../../src/shared/model/job.ts';
import { programRequest } from '../../src/shared/model/job-request.ts';
import { ProblemError } from '../../src/shared/model/problem-error.ts';
import type { SessionEnd } from '../../src/shared/model/session-length.ts';
import { JobEventRows, JobRows } from '../support/job-stores.ts';
import { FakeClock } from '../support/fake-clock.ts';

const limitMs = 10 * 60_000;
const startMs = 4_000;
const noStop: AutoStop = { afterMs: null, atMs: null, emptyForMs: null, silentForMs: null };
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A server that starts a job within 4 s, ends it at its session limit, and refuses more than `sessions` at once; its clock is `apartMs` ahead. */
function setUp(sessions: number, autoStop: AutoStop | null = null, apartMs = 0) {
  const clock = new FakeClock();
  const jobs = new Map<string, EgressSnapshot>();
  const serverNowMs = (): number => clock.nowMs() + apartMs;
  let count = 0;
  const set = (egressId: string, change: Partial<EgressSnapshot>): EgressSnapshot => {
    const known = jobs.get(egressId);
    const empty = { startedAtMs: serverNowMs(), mediaStartedAtMs: null, endedAtMs: null, results: noResults };
    const said = { error: '', errorCode: 0, details: '' };
    const base = { egressId, roomName: 'hall', kind: 'room-composite', status: 'starting', ...empty, ...said } as const;
    const next = { ...base, ...known, ...change, updatedAtNs: (known?.updatedAtNs ?? 0n) + 1n };
    jobs.set(egressId, next);
    return next;
  };
  const inUse = (): number => [...jobs.values()].filter(isInUse).length;
  let most = 0;
  const port = {
    start: async () => {
      const text = 'No further session.';
      if (inUse() >= sessions)
        throw new ProblemError({ code: 'egress-limit', fault: 'server', retryable: false, text });
      const made = set(`EG_${++count}`, {});
      most = Math.max(most, inUse());
      return made;
    },
    stop: async (egressId: string) => set(egressId, { status: 'complete', endedAtMs: serverNowMs() }),
    list: async () => {
      for (const { egressId, status, startedAtMs, mediaStartedAtMs } of jobs.values()) {
        const nowMs = serverNowMs();
        if (status === 'starting' && nowMs - (startedAtMs ?? 0) >= startMs)
          set(egressId, { status: 'active', mediaStartedAtMs: nowMs });
        if (status === 'active' && nowMs - (mediaStartedAtMs ?? nowMs) >= limitMs)
          set(egressId, { status: 'limit-reached', endedAtMs: nowMs });
      }
      return [...jobs.values()];
    },
  } as Partial<EgressPort> as EgressPort; // no other call is made here
  const sound = { name: 'a.wav', path: '/a.wav', identity: null, bytes: 1, durationMs: 1, startedAtMs: null };
  const store = new JobRows();
  const events = new JobEventRows();
  const told: string[] = [];
  let ends: readonly SessionEnd[] = [];
  let isOn = true;
  const open = () => {
    const controller = new JobController({
      store,
      events,
      egressOf: () => port,
      desk: {
        open: () => ({
          files: () => [sound],
          peopleCount: () => 1,
          holes: () => [],
          began: Promise.resolve(clock.nowMs()),
          failed: new Promise(() => {}),
          close: async () => {},
        }),
      },
      found: [],
      onNotice: () => {},
      onPhase: () => {},
      onPresence: () => {},
      clock,
      log: silentLog,
    });
    const watch = new HandOverWatch({
      serverIds: () => ['s'],
      jobs: () => controller.jobs('s').value.jobs,
      lengths: () => sessionLengths('self-hosted', { file: limitMs }),
      isOn: () => isOn,
      free: () => sessions - inUse(),
      start: (order) => controller.start(order),
      stop: (jobId) => void controller.stop(jobId),
      keep: (jobId, mark, line) =>
        controller.note(jobId, { type: 'handedOver', atMs: clock.nowMs(), mark, told: line }),
      keepTaken: (jobId, line) => controller.note(jobId, { type: 'tookOver', atMs: clock.nowMs(), told: line }),
      onTold: (old, what, successor) => told.push(`${what}: ${old.title} > ${successor?.title}`),
      onEnds: (_serverId, now) => (ends = now),
      clock,
      log: silentLog,
    });
    return { controller, watch };
  };
  let { controller, watch } = open();
  const close = async (): Promise<void> => {
    await watch.close();
    await controller.close();
  };
  closing.push(close);
  const request = programRequest('a.mp4', 'grid');
  const { id } = controller.start({ serverId: 's', roomName: 'hall', mode: 'best', title: 'a.mp4', request, autoStop });
  const phases = (): readonly string[] =>
    controller
      .jobs('s')
      .value.jobs.map(({ title, engine, phase }) => `${title} ${engine} ${phase}`)
      .toReversed();
  return {
    clock,
    get controller() {
      return controller;
    },
    /** Ends the console, and opens it again on the same journal. */
    restart: async () => {
      await close();
      ({ controller, watch } = open());
      controller.servers.watch('s');
    },
    story: (jobId: string): readonly string[] => events.of(jobId).map((row) => row.told),
    id,
    told,
    phases,
    most: () => most,
    ends: () => ends,
    turnOff: () => (isOn = false),
    pass: async (ms: number) => {
      for (let left = ms; left > 0; left -= 1_000) await clock.advance(Math.min(1_000, left));
    },
  };
}

test('a free session: the next part records before the first is stopped, under another name', async () => {
  const show = setUp(2);
  await show.pass(20_000);
  expect(show.ends()).toMatchObject([{ jobId: show.id, because: '10 m for a file, declared by you' }]);
  const { endsAtMs } = show.ends()[0] as SessionEnd;
  await show.pass(endsAtMs - show.clock.nowMs() - 95_000);
  expect(show.phases()).toEqual(['a.mp4 egress recording']);
  await show.pass(30_000);
  expect(show.phases()).toEqual(['a.mp4 egress done', 'a.mp4 (part 2) egress recording']);
  expect(show.told).toEqual(['overlapped: a.mp4 > a.mp4 (part 2)']);
  const [second] = show.controller.jobs('s').value.jobs;
  expect(second?.request).toMatchObject({ outputs: { file: { filePath: 'a-part2.mp4' } } });
  expect(show.most()).toBe(2);
  await show.pass(limitMs);
  expect(show.phases().at(-1)).toBe('a.mp4 (part 3) egress recording');
});

test.each([
  ['ahead', 600_000],
  ['behind', -600_000],
])('a worker whose clock is %s is handed over in time all the same, and once', async (_name, apartMs) => {
  const show = setUp(2, null, apartMs);
  await show.pass(limitMs - 95_000);
  expect(show.phases()).toEqual(['a.mp4 egress recording']);
  await show.pass(60_000);
  expect(show.phases()).toEqual(['a.mp4 egress done', 'a.mp4 (part 2) egress recording']);
  expect(show.told).toEqual(['overlapped: a.mp4 > a.mp4 (part 2)']);
});

test('no free session: the desk bridges, the first makes room, and the bridge ends when the next part records', async () => {
  const show = setUp(1);
  await show.pass(20_000);
  const { endsAtMs } = show.ends()[0] as SessionEnd;
  await show.pass(endsAtMs - show.clock.nowMs());
  expect(show.most()).toBe(1);
  await show.pass(20_000);
  expect(show.told).toEqual(['bridged: a.mp4 > a.mp4 (part 2)']);
  expect(show.phases()[0]).toBe('a.mp4 egress done');
  expect(show.phases()[1]).toBe('Bridge of a.mp4 desk done');
  expect(show.phases()[2]).toBe('a.mp4 (part 2) egress recording');
});

test('a job that the producer stops is not taken over, nor any where hand-overs are off', async () => {
  const show = setUp(2);
  await show.pass(20_000);
  show.controller.stop(show.id);
  await show.pass(limitMs);
  expect(show.phases()).toEqual(['a.mp4 egress done']);
  const other = setUp(2);
  other.turnOff();
  await other.pass(20_000);
  expect(other.ends()[0]?.plan).toBe('Nothing takes over.');
  await other.pass(limitMs + 10_000);
  expect(other.told).toEqual([]);
  expect(other.phases()).toHaveLength(1);
});

test('what ends it by the producer’s own order is carried on, and one that ends before the limit is not handed over', async () => {
  const show = setUp(2, { ...noStop, afterMs: 15 * 60_000 });
  await show.pass(limitMs);
  const [second] = show.controller.jobs('s').value.jobs;
  expect(second?.title).toBe('a.mp4 (part 2)');
  expect(second?.autoStop?.afterMs).toBeLessThan(8 * 60_000);
  await show.pass(7 * 60_000);
  expect(show.phases()).toEqual(['a.mp4 egress done', 'a.mp4 (part 2) egress done']);
  const short = setUp(2, { ...noStop, afterMs: 5 * 60_000 });
  await short.pass(60_000);
  expect(short.ends()).toEqual([]);
  await short.pass(limitMs);
  expect(short.phases()).toEqual(['a.mp4 egress done']);
});

/** A show in the seconds in which both parts record. */
async function inOverlap() {
  const show = setUp(2);
  await show.pass(20_000);
  const { endsAtMs } = show.ends()[0] as SessionEnd;
  await show.pass(endsAtMs - show.clock.nowMs() - 83_000);
  expect(show.phases()).toEqual(['a.mp4 egress recording', 'a.mp4 (part 2) egress recording']);
  const [next] = show.controller.jobs('s').value.jobs;
  return Object.assign(show, { nextId: next?.id ?? '' });
}

test('a stop of either part while both record ends both, and nothing takes over', async () => {
  for (const which of ['old', 'new'] as const) {
    const show = await inOverlap();
    show.controller.stop(which === 'old' ? show.id : show.nextId);
    await show.pass(4_000);
    expect(show.phases(), which).toEqual(['a.mp4 egress done', 'a.mp4 (part 2) egress done']);
    expect(show.story(show.id)).toContain('It was stopped during its hand-over: all that took part in it is stopped.');
    expect(show.story(show.nextId)).toContain('Stopped together with "a.mp4".');
    await show.pass(limitMs);
    expect(show.phases()).toHaveLength(2);
    expect(show.told).toEqual([]);
  }
});

test('a stop of the bridge between two parts ends the next one with it', async () => {
  const show = setUp(1);
  await show.pass(20_000);
  const { endsAtMs } = show.ends()[0] as SessionEnd;
  await show.pass(endsAtMs - show.clock.nowMs() - 31_000);
  const bridge = () => show.controller.jobs('s').value.jobs.find(({ takesOver }) => takesOver?.as === 'bridge');
  for (let s = 0; s < 10 && show.phases().length < 3; s++) await show.pass(1_000);
  expect(show.phases()).toEqual([
    'a.mp4 egress done',
    'Bridge of a.mp4 desk recording',
    expect.stringMatching(/^a\.mp4 \(part 2\) \w+ starting$/),
  ]);
  show.controller.stop(bridge()?.id ?? '');
  await show.pass(10_000);
  expect(show.phases().map((line) => line.split(' ').at(-1))).toEqual([
    'done',
    'done',
    expect.not.stringContaining('ing'),
  ]);
  expect(show.told).toEqual([]);
  await show.pass(limitMs);
  expect(show.phases()).toHaveLength(3);
});

test('a restart in the overlap goes on with the hand-over, and starts no third part', async () => {
  const show = await inOverlap();
  await show.restart();
  expect(show.controller.get(show.id).handOver).toMatchObject({ at: 'overlapping', successorId: show.nextId });
  await show.pass(15_000);
  expect(show.phases()).toEqual(['a.mp4 egress done', 'a.mp4 (part 2) egress recording']);
  expect(show.told).toEqual(['overlapped: a.mp4 > a.mp4 (part 2)']);
  expect(show.story(show.id).filter((line) => line.includes('part 2'))).toEqual([
    '"a.mp4 (part 2)" is started beside it, to take over.',
  ]);
  expect(show.story(show.id)).toContain('Both had recorded for 5 s: it is stopped.');
  expect(show.story(show.nextId).join(' ')).toContain('The console started it, to take over before a session limit.');
  expect(show.controller.get(show.nextId).takesOver).toEqual({ jobId: show.id, as: 'part', isOver: true });
});
