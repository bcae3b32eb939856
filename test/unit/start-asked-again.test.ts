// A start that only egress can do and that was refused for a cause that passes: it waits, and is asked again.
import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import { JobController } from '../../src/core/jobs/job-controller.ts';
import type { EgressPort, EgressSnapshot } from '../../src/core/jobs/ports.ts';
import { maxTries } from '../../src/core/jobs/retries.ts';
import { silentLog } from '../../src/core/live/log.ts';
import type { Problem } from '../../src/shared/model/common.ts';
import { noResults } from '../../src/shared/model/egress-results.ts';
import { programRequest } from '../../src/shared/model/job-request.ts';
import { ProblemError } from '../../src/shared/model/problem-error.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { JobEventRows, JobRows } from '../support/job-stores.ts';

const server = { fault: 'server', said: 'as it says' } as const;
const full: Problem = { ...server, code: 'egress-limit', retryable: false, text: 'No further session.' };
const noWorker: Problem = { ...server, code: 'no-egress-worker', retryable: true, text: 'No worker took it.' };
const noRoom: Problem = { code: 'no-such-room', fault: 'yours', retryable: false, text: 'This room is not open.' };
const lost: Problem = { code: 'timeout', fault: 'network', retryable: true, text: 'No answer came.' };

const open: JobController[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((controller) => controller.close()));
});

/** A server that refuses with `refuses` while that is set, and lists what the test says. */
class Server {
  refuses: Problem | null;
  readonly listed: EgressSnapshot[] = [];
  starts = 0;
  /** A start is not answered until it is called off. */
  hangs = false;
  /** Nor can its list be asked. */
  isAway = false;
  constructor(refuses: Problem) {
    this.refuses = refuses;
  }
  make(egressId: string, status: EgressSnapshot['status'], startedAtMs: number, updatedAtNs = 1n): EgressSnapshot {
    const said = { error: '', errorCode: 0, details: '', results: noResults };
    const times = { startedAtMs, mediaStartedAtMs: null, endedAtMs: null, updatedAtNs };
    const made: EgressSnapshot = { egressId, roomName: 'hall', kind: 'room-composite', status, ...times, ...said };
    const at = this.listed.findIndex((one) => one.egressId === egressId);
    this.listed.splice(at < 0 ? this.listed.length : at, 1, made);
    return made;
  }
}

function setUp(refuses: Problem, clock = new FakeClock(), store = new JobRows(), events = new JobEventRows()) {
  const world = new Server(refuses);
  const notices: string[] = [];
  const port: EgressPort = {
    start: async (_room, _request, signal) => {
      world.starts++;
      if (world.hangs) await once(signal, 'abort').then(() => signal.throwIfAborted());
      if (world.refuses) throw new ProblemError(world.refuses);
      return world.make(`EG_${world.starts}`, 'starting', clock.nowMs());
    },
    stop: async () => null,
    list: async () => {
      if (world.isAway && world.refuses) throw new ProblemError(world.refuses);
      return [...world.listed];
    },
  } as Partial<EgressPort> as EgressPort; // no other call is made here
  const controller = new JobController({
    store,
    events,
    egressOf: () => port,
    found: [],
    onNotice: (_job, notice) => notices.push(notice.do),
    onPhase: () => {},
    onPresence: () => {},
    clock,
    log: silentLog,
  } as Partial<ConstructorParameters<typeof JobController>[0]> as ConstructorParameters<typeof JobController>[0]);
  open.push(controller);
  return { controller, world, clock, store, events, notices };
}
const order = {
  serverId: 's',
  roomName: 'hall',
  mode: 'egress-only',
  title: 'a.mp4',
  request: programRequest('a', 'grid'),
} as const;

test('waits with the reason and the time, is asked again by the policy of its cause, and is taken', async () => {
  const { controller, world, clock, notices } = setUp(noWorker);
  const { id } = controller.start(order);
  await clock.advance(10);
  const waiting = controller.get(id);
  expect(waiting).toMatchObject({
    phase: 'waiting',
    text: 'Refused: No worker took it.',
    egress: { status: 'waiting' },
  });
  expect(waiting.again).toMatchObject({ tries: 1, maxTries, isForSession: false });
  expect((waiting.again?.atMs ?? 0) - (waiting.refusal?.atMs ?? 0)).toBe(15_000); // what a worker keeps free of a new job
  expect(waiting.refusal?.said).toBe('as it says');
  world.refuses = null;
  await clock.advance(17_000);
  expect(controller.get(id)).toMatchObject({ phase: 'starting', again: null, refusal: null });
  expect([world.starts, notices]).toEqual([2, ['tellRefusal', 'tellWaitOver']]);
});

test('where the limit is met it is asked again as soon as a session is seen free, the longest wait first', async () => {
  const { controller, world, clock } = setUp(full);
  world.make('EG_other', 'active', clock.nowMs());
  const first = controller.start(order);
  await clock.advance(2_000);
  const second = controller.start(order);
  await clock.advance(5_000);
  expect(world.starts).toBe(2);
  expect(controller.get(second.id).again?.isForSession).toBe(true);
  world.refuses = null;
  world.make('EG_other', 'complete', clock.nowMs(), 2n);
  await clock.advance(2_000);
  expect([controller.get(first.id).phase, controller.get(second.id).phase]).toEqual(['starting', 'waiting']);
});

test('is asked again at once by Try now, and ends by Cancel without being a failure', async () => {
  const { controller, world, clock, notices } = setUp(noWorker);
  const { id } = controller.start(order);
  await clock.advance(10);
  controller.tryNow(id);
  controller.tryNow(id);
  await clock.advance(10);
  expect([world.starts, controller.get(id).again?.tries]).toEqual([2, 2]);
  controller.stop(id);
  expect(controller.get(id)).toMatchObject({ phase: 'done', again: null, egress: { status: 'refused' } });
  expect(controller.get(id).text).toBe('Called off while it waited to be asked again. Refused: No worker took it.');
  await clock.advance(60_000);
  expect(world.starts).toBe(2);
  expect(notices).toEqual(['tellRefusal', 'tellRefusal', 'tellWaitOver']);
});

test('its refusal is told to be over where it is called off while a further try is under way', async () => {
  const { controller, world, clock, notices } = setUp(noWorker);
  const { id } = controller.start(order);
  await clock.advance(10);
  world.hangs = true;
  controller.tryNow(id);
  await clock.advance(10);
  expect([world.starts, controller.get(id).phase]).toEqual([2, 'starting']);
  controller.stop(id);
  expect(notices).toEqual(['tellRefusal', 'tellWaitOver']);
  await clock.advance(10_000);
  expect([controller.get(id).phase, notices.length]).toEqual(['done', 2]);
});

test('its refusal is told to be over where its server is removed while a further try is under way', async () => {
  const { controller, world, clock, notices } = setUp(noWorker);
  const { id } = controller.start(order);
  await clock.advance(10);
  world.hangs = true;
  controller.tryNow(id);
  controller.letGo('s');
  expect([controller.get(id).phase, notices]).toEqual(['done', ['tellRefusal', 'tellWaitOver']]);
});

test('an end that it was ordered with is told, also of one that waits', async () => {
  const { controller, clock, notices } = setUp(noWorker);
  const autoStop = { afterMs: null, atMs: clock.nowMs() + 5_000, emptyForMs: null, silentForMs: null };
  const { id } = controller.start({ ...order, autoStop });
  await clock.advance(7_000);
  expect(controller.get(id).phase).toBe('done');
  expect(notices).toEqual(['tellRefusal', 'tellWaitOver', 'tellStopped']);
});

test('is refused for good after its tries, and at once where the cause does not pass', async () => {
  const { controller, world, clock } = setUp(noWorker);
  const { id } = controller.start(order);
  await clock.advance(300_000);
  expect(world.starts).toBe(maxTries);
  expect(controller.get(id)).toMatchObject({ phase: 'failed', text: 'Refused: No worker took it.' });
  world.refuses = noRoom;
  const other = controller.start(order);
  await clock.advance(10);
  expect(controller.get(other.id)).toMatchObject({ phase: 'failed', again: null });
  expect(controller.get(other.id).refusal?.cuedeskDid).toBeNull();
});

test('one whose answer was lost is looked for before it is asked for again', async () => {
  const { controller, world, clock } = setUp(lost);
  const { id } = controller.start(order);
  await clock.advance(10);
  expect(controller.get(id).phase).toBe('waiting');
  world.make('EG_late', 'starting', clock.nowMs()); // the server had taken it all the same
  await clock.advance(3_000);
  expect(controller.get(id)).toMatchObject({ phase: 'starting', egress: { egressId: 'EG_late' } });
  await clock.advance(60_000);
  expect([world.starts, controller.jobs('s').value.jobs.length]).toEqual([1, 1]);
});

test('survives a restart, but is not asked for after a long time in which the console was closed', async () => {
  const first = setUp(noWorker);
  const { id } = first.controller.start(order);
  await first.clock.advance(10);
  await first.controller.close();
  await first.clock.advance(60_000);
  expect(first.world.starts).toBe(1); // nothing is due in a console that is closed
  const second = setUp(noWorker, first.clock, first.store, first.events);
  second.controller.servers.watch('s');
  await first.clock.advance(2_000);
  expect([second.world.starts, second.controller.get(id).again?.tries]).toEqual([1, 2]);
  await second.controller.close();
  await first.clock.advance(700_000);
  const third = setUp(noWorker, first.clock, first.store, first.events);
  await first.clock.advance(2_000);
  expect([third.world.starts, third.controller.get(id).phase]).toEqual([0, 'failed']);
});

test('nothing that waits begins once the console is about to close', async () => {
  const { controller, world, clock } = setUp(noWorker);
  const { id } = controller.start(order);
  const armed = controller.start({ ...order, startAtMs: clock.nowMs() + 15_000 });
  await clock.advance(10);
  controller.holdWaiting();
  await clock.advance(20_000);
  expect([world.starts, controller.get(id).phase, controller.get(armed.id).phase]).toEqual([1, 'waiting', 'armed']);
});

test('a start that never left this computer is not looked for: it waits, and begins once the server is there', async () => {
  const away: Problem = { code: 'not-listening', fault: 'network', retryable: true, text: 'Nobody listens there.' };
  const { controller, clock, world } = setUp(away);
  world.isAway = true;
  const { id } = controller.start(order);
  await clock.advance(100);
  expect(controller.get(id)).toMatchObject({ phase: 'waiting', text: 'Refused: Nobody listens there.' });
  expect(controller.get(id).refusal?.again).toBe('Each half minute: the server cannot be reached.');
  world.refuses = null;
  world.isAway = false;
  await clock.advance(31_000);
  expect(controller.get(id).phase).toBe('starting');
  expect(world.starts).toBe(2);
});
