// What does not go as it should, told with its cause and a step; what ends or begins a job by itself.
import { afterEach, describe, expect, test } from 'vitest';
import { Absences } from '../../src/core/jobs/absences.ts';
import { JobController } from '../../src/core/jobs/job-controller.ts';
import type { JobState } from '../../src/core/jobs/job-state.ts';
import type { EgressPort, EgressSnapshot } from '../../src/core/jobs/ports.ts';
import { noOutputFacts, type OutputFacts, type RoomFacts } from '../../src/core/jobs/watch/facts.ts';
import { JobKeeper } from '../../src/core/jobs/watch/job-keeper.ts';
import { watchTiming } from '../../src/core/jobs/watch/timing.ts';
import { silentLog } from '../../src/core/live/log.ts';
import type { Problem } from '../../src/shared/model/common.ts';
import { noResults } from '../../src/shared/model/egress-results.ts';
import type { AutoStop } from '../../src/shared/model/job.ts';
import { programRequest, type JobRequest } from '../../src/shared/model/job-request.ts';
import { ProblemError } from '../../src/shared/model/problem-error.ts';
import { askedJob } from '../support/asked-job.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { JobEventRows, JobRows } from '../support/job-stores.ts';

const open: JobController[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((controller) => controller.close()));
});

const track = (sid: string, kind: 'audio' | 'video') => ({ sid, kind, isMuted: false });
const away: Problem = { code: 'refused', fault: 'network', retryable: true, text: 'The server does not answer.' };
const noEgress: Problem = {
  code: 'egress-not-connected',
  fault: 'server',
  retryable: false,
  text: 'This server has no egress.',
};
const gone: Problem = {
  code: 'worker-gone',
  fault: 'server',
  retryable: false,
  text: 'Gone.',
  said: 'request timed out',
};

function setUp(store = new JobRows(), events = new JobEventRows(), clock = new FakeClock()) {
  let egress: EgressSnapshot | null = null;
  const state = { down: false, hasNoEgress: false, stopAnswer: null as Problem | null, starts: 0, isServerGone: false };
  const set = (change: Partial<EgressSnapshot>): EgressSnapshot => {
    egress = {
      egressId: 'EG_1',
      roomName: 'hall',
      kind: 'room-composite',
      status: 'starting',
      startedAtMs: clock.nowMs(),
      mediaStartedAtMs: null,
      endedAtMs: null,
      error: '',
      errorCode: 0,
      details: '',
      results: noResults,
      ...egress,
      ...change,
      updatedAtNs: (egress?.updatedAtNs ?? 0n) + 1n,
    };
    return egress;
  };
  const port = {
    start: async () => (state.starts++, set({})),
    stop: async () => {
      if (state.stopAnswer) throw new ProblemError(state.stopAnswer);
      return set({ status: 'ending' });
    },
    list: async () => {
      if (state.down) throw new ProblemError(state.hasNoEgress ? noEgress : away);
      return egress ? [egress] : [];
    },
  } as Partial<EgressPort> as EgressPort; // no other call is made here
  let room: RoomFacts = {
    people: [{ identity: 'ada', tracks: [track('TR_1', 'audio')] }],
    recorders: null,
    heardAtMs: null,
  };
  let outputs = noOutputFacts;
  const desk = { began: Promise.resolve(clock.nowMs()) };
  const told: string[] = [];
  const back: string[] = [];
  const controller = new JobController({
    store,
    events,
    egressOf: () => (state.isServerGone ? null : port),
    desk: {
      open: () => ({
        files: () => [],
        peopleCount: () => 1,
        holes: () => [],
        began: desk.began,
        failed: new Promise(() => {}),
        close: async () => {},
      }),
    },
    found: [],
    onNotice: (_job, notice) => void told.push(notice.do),
    onPhase: () => {},
    onPresence: () => {},
    roomFacts: () => room,
    outputFacts: () => outputs,
    onBack: (_serverId, _sinceMs, ended) => back.push(...ended.map((job) => job.id)),
    clock,
    log: silentLog,
  });
  open.push(controller);
  const start = (more: { request?: JobRequest; autoStop?: Partial<AutoStop>; startAtMs?: number } = {}): string => {
    const none = { afterMs: null, atMs: null, emptyForMs: null, silentForMs: null };
    const { autoStop, ...rest } = more;
    return controller.start({
      serverId: 's',
      roomName: 'hall',
      mode: 'egress-only',
      request: programRequest('a', 'grid'),
      ...rest,
      autoStop: autoStop ? { ...none, ...autoStop } : null,
    }).id;
  };
  const active = async (): Promise<void> => {
    set({ status: 'active', mediaStartedAtMs: clock.nowMs() });
    await clock.advance(2_000);
  };
  const warnings = (id: string) => controller.get(id).warnings;
  return {
    controller,
    clock,
    state,
    desk,
    set,
    told,
    back,
    start,
    active,
    warnings,
    store,
    events,
    make: (to: OutputFacts) => (outputs = to),
    see: (to: Partial<RoomFacts>) => (room = { ...room, ...to }),
  };
}

describe('a watchdog tells', () => {
  test('a job that hangs in starting, and whom it waits for', async () => {
    const { clock, start, warnings, see } = setUp();
    see({ people: [{ identity: 'ada', tracks: [] }] });
    const id = start();
    await clock.advance(14_000);
    expect(warnings(id)).toEqual([]);
    await clock.advance(3_000);
    expect(warnings(id)).toMatchObject([{ code: 'starting', steps: ['record-here', 'retry'] }]);
    expect(warnings(id)[0]?.text).toContain('Nobody publishes');
  });
  test('a job of others that hangs in starting, by the clock of here', async () => {
    const { controller, clock, set } = setUp();
    set({ startedAtMs: clock.nowMs() - 600_000 });
    controller.servers.watch('s');
    await clock.advance(5_000);
    const job = () => controller.jobs('s').value.jobs[0];
    expect(job()).toMatchObject({ startedBy: 'elsewhere', phase: 'starting', warnings: [] });
    await clock.advance(20_000);
    expect(job()?.warnings).toMatchObject([{ code: 'starting' }]);
  });
  test('a person who is not there', async () => {
    const { clock, start, warnings } = setUp();
    const { encoding, outputs } = programRequest('a');
    const id = start({ request: { kind: 'participant', identity: 'ben', screenShare: false, encoding, outputs } });
    await clock.advance(15_000);
    expect(warnings(id)[0]?.text).toContain('ben is not in the room');
  });
  test('an orphan: active at the server, and no recorder in the room; recording here, then forgetting it, ends well', async () => {
    const { controller, clock, start, active, warnings, see } = setUp();
    const id = start();
    await active();
    const sees = (...ids: string[]) => see({ recorders: { ids, asOfMs: clock.nowMs() } });
    see({ recorders: { ids: [], asOfMs: clock.nowMs() - 3_000 } }); // from before it was in the room
    await clock.advance(60_000);
    expect(warnings(id)).toEqual([]);
    sees('EG_1');
    await clock.advance(60_000);
    expect(warnings(id)).toEqual([]);
    sees();
    await clock.advance(30_000);
    expect(warnings(id)).toEqual([]); // one look may have been an unlucky one
    sees();
    await clock.advance(1_000);
    expect(warnings(id)).toMatchObject([{ code: 'orphan', steps: ['record-here', 'retry', 'forget'] }]);
    controller.recordHere(id, 'The producer asked for it.');
    await clock.advance(1_000);
    expect(controller.get(id).desk?.status).toBe('recording');
    controller.forget(id);
    await clock.advance(5_000);
    expect(controller.get(id)).toMatchObject({ engine: 'desk', phase: 'recording', warnings: [] });
    expect(controller.jobs('s').value.jobs).toHaveLength(1); // the row that stays at the server is not found anew
  });
  test('a worker that is gone, by the server`s answer to stop', async () => {
    const { controller, clock, state, start, active, warnings } = setUp();
    const id = start();
    await active();
    state.stopAnswer = gone;
    controller.stop(id);
    await clock.advance(3_000);
    expect(warnings(id)).toMatchObject([{ code: 'worker-gone', steps: ['forget'] }]);
    expect(warnings(id)[0]?.text).toContain('request timed out');
    controller.forget(id);
    expect(controller.get(id).phase).toBe('failed');
  });
  test('a silent room of a job with sound, and nothing where nobody listens or none is recorded', async () => {
    const said = async (tracks: 'both' | 'video', heardAgoMs: number | null): Promise<readonly string[]> => {
      const { clock, start, active, warnings, see } = setUp();
      const id = start({ request: { ...programRequest('a'), tracks } });
      await active();
      see({ heardAtMs: heardAgoMs === null ? null : clock.nowMs() - heardAgoMs });
      await clock.advance(1_000);
      return warnings(id).map(({ code }) => code);
    };
    expect(await said('both', 61_000)).toEqual(['silent']);
    expect(await said('both', 50_000)).toEqual([]);
    expect(await said('both', null)).toEqual([]);
    expect(await said('video', 61_000)).toEqual([]);
  });
  test('a recording here to which no sound comes, until it comes again', async () => {
    const { controller, clock, start, warnings, see } = setUp();
    const id = start({ request: { kind: 'room-sound' } });
    see({ heardAtMs: clock.nowMs() });
    await clock.advance(30_000);
    expect(controller.get(id).phase).toBe('recording');
    expect(warnings(id)).toEqual([]);
    see({ heardAtMs: null });
    await clock.advance(6_000);
    expect(warnings(id)).toEqual([]); // a drop that mends itself
    await clock.advance(4_000);
    expect(warnings(id)).toMatchObject([{ code: 'desk-away', text: expect.stringContaining('lost') as string }]);
    see({ heardAtMs: clock.nowMs() });
    await clock.advance(1_000);
    expect(warnings(id)).toEqual([]);
  });
  test('a recording here that does not come into the room', async () => {
    const { clock, start, warnings, desk } = setUp();
    desk.began = new Promise(() => {});
    const id = start({ request: { kind: 'room-sound' } });
    await clock.advance(10_000);
    expect(warnings(id)).toMatchObject([{ code: 'desk-away', text: expect.stringContaining('nothing is') as string }]);
  });
  test('an upload that hangs', async () => {
    const { controller, clock, start, active, warnings } = setUp();
    const id = start();
    await active();
    controller.stop(id);
    await clock.advance(50_000);
    expect(warnings(id)).toMatchObject([{ code: 'ending' }]);
  });
  test('segments that no longer come, by two looks into the storage and by no look that failed', async () => {
    const { clock, start, active, warnings, make } = setUp();
    const id = start();
    await active();
    const newAtMs = clock.nowMs();
    const looked = (lookedAtMs: number) =>
      make({ growing: [{ what: 'segment', everyMs: 4_000, newAtMs, lookedAtMs }], blackSinceMs: null });
    looked(newAtMs);
    await clock.advance(120_000); // the storage could not be asked since: nothing is known
    expect(warnings(id)).toEqual([]);
    looked(newAtMs + 30_000);
    await clock.advance(1_000);
    expect(warnings(id)).toMatchObject([{ code: 'still', sinceMs: newAtMs, steps: ['record-here', 'retry'] }]);
    expect(warnings(id)[0]?.text).toContain('No new segment');
    make({ growing: [], blackSinceMs: newAtMs });
    await clock.advance(1_000);
    expect(warnings(id)).toMatchObject([{ code: 'black' }]);
  });
  test.each([
    ['cannot be asked', false],
    ['has lost its egress', true],
  ])('that it is not known how a job stands whose server %s, and never that it failed', async (_name, hasNoEgress) => {
    const { controller, clock, state, start, active } = setUp();
    state.hasNoEgress = hasNoEgress;
    const id = start();
    await active();
    const lastMs = clock.nowMs();
    state.down = true;
    await clock.advance(60_000);
    const job = controller.get(id);
    expect(job.phase).toBe('recording');
    expect(Math.abs((job.unknownSinceMs ?? 0) - lastMs)).toBeLessThan(2_000);
    state.down = false;
    await clock.advance(35_000);
    expect(controller.get(id).unknownSinceMs).toBeNull();
  });
});

test('what ended while the server could not be asked is found and told once it answers, also after a restart', async () => {
  const { controller, clock, state, set, start, active, back, store, events } = setUp();
  const id = start();
  await active();
  const rows = new JobRows();
  for (const row of store.rows.values()) rows.save(row);
  state.down = true;
  await clock.advance(60_000);
  set({ status: 'complete', endedAtMs: clock.nowMs() });
  expect(controller.get(id).phase).toBe('recording');
  state.down = false;
  await clock.advance(20_000);
  expect(controller.get(id).phase).toBe('done');
  expect(back).toEqual([id]);

  const second = setUp(rows, events, clock); // its console was closed while the job ran
  for (let update = 0; update < 9; update++) second.set({ status: 'complete', endedAtMs: clock.nowMs() });
  second.controller.servers.watch('s');
  await clock.advance(2_000);
  expect(second.back).toEqual([id]);
});

test('a stop that was refused is forgotten with its job', () => {
  const running: JobState[] = [];
  const told: string[] = [];
  const keeper = new JobKeeper({
    running: () => running,
    roomFacts: () => ({ people: null, recorders: null, heardAtMs: null }),
    outputFacts: () => noOutputFacts,
    timing: watchTiming,
    dispatch: () => {},
    onWarnings: (_id, warnings) => told.push(...warnings.map(({ code }) => code)),
    onFailed: (_id, error) => expect.fail(String(error)),
    clock: new FakeClock(),
  });
  keeper.stopRefused('a', gone);
  keeper.look(); // it is over
  const { store, start } = setUp();
  const ran = JSON.parse(store.rows.get(start())?.state ?? '') as JobState;
  running.push({ ...ran, id: 'a', stopAskedAtMs: 1 });
  keeper.look();
  expect(told).toEqual([]);
  keeper.stopRefused('a', gone);
  keeper.look();
  expect(told).toEqual(['worker-gone']);
});

test('a job that cannot be looked after keeps no other from its hour, and is told once', () => {
  const clock = new FakeClock();
  const armed = { ...askedJob({ startAtMs: clock.nowMs() }, 0), startAtMs: clock.nowMs() };
  const [due, failed]: [string[], string[]] = [[], []];
  const keeper = new JobKeeper({
    running: () => ['a', 'b'].map((id) => ({ ...armed, id })),
    roomFacts: () => ({ people: null, recorders: null, heardAtMs: null }),
    outputFacts: () => noOutputFacts,
    timing: watchTiming,
    dispatch: (id, { type }) => {
      if (id === 'a') throw new Error('the desk is on fire');
      due.push(`${id} ${type}`);
    },
    onWarnings: () => {},
    onFailed: (id) => failed.push(id),
    clock,
  });
  keeper.look();
  keeper.look();
  expect([due, failed]).toEqual([['b due', 'b due'], ['a']]);
});

test('after a restart every job that ran is asked after, of each server', () => {
  const ran = (id: string, serverId: string, phaseAtMs: number) => ({ id, serverId, phaseAtMs, phase: 'done' });
  const jobs = [ran('1', 'a', 5), ran('2', 'a', 9), ran('3', 'b', 7)] as JobState[]; // what is asked of them
  const absences = new Absences();
  absences.beginAll(jobs);
  const end = (serverId: string) => absences.end(serverId, (id) => jobs.find((job) => job.id === id));
  expect(end('a')).toEqual({ sinceMs: 9, ended: jobs.slice(0, 2) });
  expect(end('b')?.ended).toEqual(jobs.slice(2));
  expect(end('c')).toBeNull();
});

describe('a job ends by itself', () => {
  test.each([
    ['after a time', { afterMs: 60_000 }, 'It was to run for 60 s.'],
    ['in an empty room', { emptyForMs: 60_000 }, 'Nobody had been in the room for 60 s.'],
    ['in a silent room', { silentForMs: 60_000 }, 'The room had been silent for 60 s.'],
  ])('%s, and says why', async (_name, autoStop, because) => {
    const { controller, clock, start, active, see, told, events } = setUp();
    const id = start({ autoStop });
    await active();
    see({ people: [], heardAtMs: clock.nowMs() });
    await clock.advance(50_000);
    expect(controller.get(id).phase).toBe('recording');
    await clock.advance(15_000);
    expect(controller.get(id).phase).toBe('stopping');
    expect(told).toContain('tellStopped');
    expect(events.of(id).some((row) => row.told.includes(because))).toBe(true);
  });
  test('at an hour of the clock, also when the console was started again in between', async () => {
    const first = setUp();
    const id = first.start({ autoStop: { atMs: first.clock.nowMs() + 60_000 } });
    await first.active();
    const rows = new JobRows();
    for (const row of first.store.rows.values()) rows.save(row);
    const second = setUp(rows, first.events, first.clock);
    second.set({ status: 'active', mediaStartedAtMs: first.clock.nowMs() });
    second.controller.servers.watch('s');
    await second.clock.advance(30_000);
    expect(second.controller.get(id).phase).toBe('recording');
    await second.clock.advance(32_000);
    expect(second.controller.get(id).phase).toBe('stopping');
  });
  test.each([
    ['behind', -600_000, 61_000],
    ['ahead', 600_000, 121_000],
  ])('after a time, by the clock of here also where that of the worker is %s', async (_name, apartMs, untilMs) => {
    const { controller, clock, start, set } = setUp();
    const id = start({ autoStop: { afterMs: 60_000 } });
    set({ status: 'active', mediaStartedAtMs: clock.nowMs() + apartMs });
    await clock.advance(50_000);
    expect(controller.get(id).phase).toBe('recording');
    await clock.advance(untilMs - 50_000 + 1_000);
    expect(controller.get(id).phase).toBe('stopping');
  });
  test('in an empty room only once somebody has been there: who is late finds it recording', async () => {
    const { controller, clock, start, see, set } = setUp();
    const id = start({ autoStop: { emptyForMs: 60_000 } });
    see({ people: [] });
    await clock.advance(300_000);
    expect(controller.get(id).phase).toBe('starting');
    see({ people: [{ identity: 'ada', tracks: [] }] });
    set({ status: 'active' });
    await clock.advance(2_000);
    see({ people: [] });
    await clock.advance(50_000);
    expect(controller.get(id).phase).toBe('recording');
    await clock.advance(15_000);
    expect(controller.get(id).phase).toBe('stopping');
  });
  test('and not by an emptiness and a silence that this computer slept through', async () => {
    const it = setUp();
    const id = it.start({ autoStop: { emptyForMs: 300_000, silentForMs: 300_000 } });
    await it.active();
    it.see({ people: [], heardAtMs: it.clock.nowMs() });
    await it.clock.advance(10_000);
    it.clock.sleep(3_600_000);
    await it.clock.advance(5_000);
    expect(it.controller.get(id).phase).toBe('recording');
    expect(it.warnings(id)).toEqual([]);
    await it.clock.advance(300_000);
    expect(it.controller.get(id).stopAskedAtMs).not.toBeNull();
  });

  test('and not by what is not known', async () => {
    const { controller, clock, start, active, see } = setUp();
    const id = start({ autoStop: { emptyForMs: 60_000, silentForMs: 60_000 } });
    await active();
    see({ people: null, heardAtMs: null });
    await clock.advance(600_000);
    expect(controller.get(id).phase).toBe('recording');
  });
});

describe('a scheduled job', () => {
  test('waits armed, begins at its hour, also after the console was started again', async () => {
    const first = setUp();
    const id = first.start({ startAtMs: first.clock.nowMs() + 120_000 });
    await first.clock.advance(60_000);
    expect(first.controller.get(id)).toMatchObject({ phase: 'armed', engine: 'egress', egress: null });
    expect(first.state.starts).toBe(0);
    const rows = new JobRows();
    for (const row of first.store.rows.values()) rows.save(row);
    await first.controller.close();
    const second = setUp(rows, first.events, first.clock);
    await second.clock.advance(61_000);
    expect([first.state.starts, second.state.starts]).toEqual([0, 1]);
    expect(second.controller.get(id).phase).toBe('starting');
  });
  test('can be cancelled', async () => {
    const { controller, clock, state, start } = setUp();
    const id = start({ startAtMs: clock.nowMs() + 120_000 });
    controller.stop(id);
    await clock.advance(200_000);
    expect(state.starts).toBe(0);
    expect(controller.get(id)).toMatchObject({ phase: 'done', text: 'Cancelled before it began.' });
  });
  test('whose hour went by while the console was closed is told as missed, and not begun late', async () => {
    const first = setUp();
    const id = first.start({ startAtMs: first.clock.nowMs() + 120_000 });
    const rows = new JobRows();
    for (const row of first.store.rows.values()) rows.save(row);
    await first.controller.close();
    await first.clock.advance(3_600_000);
    const second = setUp(rows, first.events, first.clock);
    await second.clock.advance(2_000);
    expect(second.state.starts).toBe(0);
    expect(second.told).toEqual(['tellMissed']);
    expect(second.controller.get(id)).toMatchObject({ phase: 'failed' });
    expect(second.controller.get(id).text).toContain('Missed');
  });
  test('whose server was removed meanwhile ends, with the reason', async () => {
    const { controller, clock, state, start } = setUp();
    const id = start({ startAtMs: clock.nowMs() + 120_000 });
    state.isServerGone = true;
    await clock.advance(125_000);
    expect(controller.get(id)).toMatchObject({ phase: 'failed', refusal: { problem: { code: 'no-such-server' } } });
  });
});
