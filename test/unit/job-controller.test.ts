// The controller with a server, a desk and a journal that the test plays; time is the test's.
import { afterEach, describe, expect, test } from 'vitest';
import { JobController } from '../../src/core/jobs/job-controller.ts';
import type { JobControllerOptions } from '../../src/core/jobs/job-controller-options.ts';
import { readJobState } from '../../src/core/jobs/job-state.ts';
import type { DeskRecording, EgressPort, EgressSnapshot } from '../../src/core/jobs/ports.ts';
import { createLog, silentLog } from '../../src/core/live/log.ts';
import type { Problem } from '../../src/shared/model/common.ts';
import { ProblemError } from '../../src/shared/model/problem-error.ts';
import { JobEventRows, JobRows } from '../support/job-stores.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { noResults } from '../../src/shared/model/egress-results.ts';
import { programRequest } from '../../src/shared/model/job-request.ts';

class Server implements EgressPort {
  readonly jobs = new Map<string, EgressSnapshot>();
  readonly calls: string[] = [];
  answerStart: (() => Promise<EgressSnapshot>) | null = null;
  down: Problem | null = null;
  #count = 0;
  readonly #clock: FakeClock;
  constructor(clock: FakeClock) {
    this.#clock = clock;
  }
  make(change: Partial<EgressSnapshot> = {}): EgressSnapshot {
    const egressId = change.egressId ?? `EG_${++this.#count}`;
    const known = this.jobs.get(egressId);
    const snapshot: EgressSnapshot = {
      egressId,
      roomName: 'town-hall',
      kind: 'room-composite',
      status: 'starting',
      startedAtMs: this.#clock.nowMs(),
      mediaStartedAtMs: null,
      endedAtMs: null,
      error: '',
      errorCode: 0,
      details: '',
      results: noResults,
      ...known,
      ...change,
      updatedAtNs: (known?.updatedAtNs ?? 0n) + 1n,
    };
    this.jobs.set(egressId, snapshot);
    return snapshot;
  }
  async start(): Promise<EgressSnapshot> {
    this.calls.push('start');
    return this.answerStart ? this.answerStart() : this.make();
  }
  async stop(egressId: string): Promise<EgressSnapshot | null> {
    this.calls.push(`stop ${egressId}`);
    if (this.down) throw new ProblemError(this.down);
    return this.make({ egressId, status: 'ending' });
  }
  async streamUrl({ url }: { readonly url: string }): Promise<string> {
    return url;
  }
  async updateStream(egressId: string): Promise<EgressSnapshot> {
    return this.make({ egressId });
  }
  async updateLayout(egressId: string): Promise<EgressSnapshot> {
    return this.make({ egressId });
  }
  async list(): Promise<readonly EgressSnapshot[]> {
    if (this.down) throw new ProblemError(this.down);
    return [...this.jobs.values()];
  }
}

/** The sound of one track for somebody's captions. */
const feed: NonNullable<EgressSnapshot['asked']> = () => ({
  request: { kind: 'track', trackSid: 'TR_1', output: { to: 'websocket', destinationId: 'elsewhere' } },
  subject: '',
  isFeed: true,
});
const file = { name: 'a.mp4', location: '', bytes: 0, durationMs: 0 };
const away: Problem = { code: 'refused', fault: 'network', retryable: true, text: 'The server does not answer.' };
const full: Problem = {
  code: 'egress-limit',
  fault: 'server',
  retryable: false,
  text: 'No further session.',
  said: 'limit exceeded',
};
const open: JobController[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((controller) => controller.close()));
});

function setUp(
  change: Partial<JobControllerOptions> = {},
  clock = new FakeClock(),
  server = new Server(clock),
  store = new JobRows(),
  events = new JobEventRows(),
) {
  const desk = { opened: 0, closed: 0 };
  /** The takes that only go on where their room is still open. */
  const goneOn: number[] = [];
  const notices: string[] = [];
  const controller = new JobController({
    store,
    events,
    egressOf: () => server,
    desk: {
      open: ({ take, goesOn }): DeskRecording => {
        desk.opened++;
        if (goesOn) goneOn.push(take);
        const file = {
          name: 'mix.wav',
          path: '/r/mix.wav',
          identity: null,
          bytes: 96_000,
          durationMs: 1_000,
          startedAtMs: clock.nowMs(),
        };
        return {
          files: () => [file],
          peopleCount: () => 2,
          holes: () => [],
          began: Promise.resolve(clock.nowMs()),
          failed: new Promise(() => {}),
          close: async () => void desk.closed++,
        };
      },
    },
    found: [],
    onNotice: (_job, notice) => notices.push(notice.do),
    onPhase: () => {},
    onPresence: () => {},
    clock,
    log: silentLog,
    ...change,
  });
  open.push(controller);
  return { controller, clock, server, store, events, desk, goneOn, notices };
}
const best = {
  serverId: 's',
  roomName: 'town-hall',
  mode: 'best',
  title: 'a.mp4',
  request: programRequest('a', 'grid'),
} as const;

describe('a job', () => {
  test('is bridged by the desk until media, then followed to its end', async () => {
    const { controller, clock, server, desk } = setUp();
    const { id } = controller.start(best);
    await clock.advance(10);
    expect(desk).toEqual({ opened: 1, closed: 0 });
    server.make({ egressId: 'EG_1', status: 'active', mediaStartedAtMs: clock.nowMs() + 500 });
    await clock.advance(1_500);
    expect(controller.get(id)).toMatchObject({ phase: 'recording', engine: 'egress' });
    expect(desk.closed).toBe(1);
    controller.stop(id);
    controller.stop(id);
    await clock.advance(10);
    expect(server.calls.filter((call) => call.startsWith('stop'))).toEqual(['stop EG_1']);
    server.make({ egressId: 'EG_1', status: 'complete', endedAtMs: clock.nowMs() });
    await clock.advance(1_500);
    expect(controller.get(id).phase).toBe('done');
  });

  test('leaves its story in the journal: each decision with its time and the server`s words, and growth as one row', async () => {
    const { controller, clock, server, events } = setUp();
    const { id } = controller.start(best);
    await clock.advance(10);
    server.make({ egressId: 'EG_1', status: 'active', mediaStartedAtMs: clock.nowMs() });
    await clock.advance(1_500);
    for (const bytes of [1, 2, 3]) {
      server.make({ egressId: 'EG_1', results: { ...noResults, files: [{ ...file, bytes }] } });
      await clock.advance(1_500);
    }
    server.make({ egressId: 'EG_1', status: 'failed', error: 'signal: killed', errorCode: 500 });
    await clock.advance(1_500);
    const story = events.of(id).filter(({ told }) => told !== '');
    expect(story.map(({ told }) => told)).toEqual([
      'Start was pressed. The desk records the sound beside it. The server is asked to start it.',
      'The desk records the sound of the room.',
      'The server has accepted it and waits for the first picture.',
      'The server records. The desk finishes its files.',
      'The files of the desk are finished.',
      'Failed at the server: 500 signal: killed. The desk takes over, sound only.',
      'The desk records the sound of the room.',
    ]);
    expect(story[5]?.said).toBe('500 signal: killed');
    expect(story.every(({ atMs }) => atMs > 0)).toBe(true);
    expect(events.of(id).filter(({ told, type }) => told === '' && type === 'egressSeen')).toHaveLength(1);
  });

  test('that is refused goes on here and is told once', async () => {
    const { controller, clock, server, desk, notices } = setUp();
    server.answerStart = () => Promise.reject(new ProblemError(full));
    const { id } = controller.start(best);
    await clock.advance(1_500);
    expect(controller.get(id)).toMatchObject({
      phase: 'recording',
      engine: 'desk',
      refusal: { said: 'limit exceeded' },
    });
    expect([desk.closed, notices]).toEqual([0, ['tellRefusal']]);
    controller.stop(id);
    await clock.advance(10);
    expect(controller.get(id).phase).toBe('done');
  });

  test('whose Start was never answered is found in the list, and not started twice', async () => {
    const { controller, clock, server } = setUp();
    server.answerStart = () => {
      server.make();
      return Promise.reject(new ProblemError(away));
    };
    const { id } = controller.start(best);
    await clock.advance(10);
    expect(controller.get(id).egress).toMatchObject({ egressId: 'EG_1', status: 'starting' });
    expect(controller.jobs('s').value.jobs).toHaveLength(1);
  });

  test.each(['proxy-error', 'server-error', 'worker-silent', 'not-in-time', 'not-understood'])(
    'whose Start was answered by %s may run all the same: it is looked for before it is asked for again',
    async (code) => {
      const { controller, clock, server } = setUp();
      server.answerStart = () => {
        server.make();
        return Promise.reject(new ProblemError({ code, fault: 'server', retryable: true, text: 'No.' }));
      };
      const { id } = controller.start({ ...best, mode: 'egress-only' });
      await clock.advance(20_000);
      expect(controller.get(id).egress).toMatchObject({ egressId: 'EG_1', status: 'starting' });
      expect(controller.jobs('s').value.jobs).toHaveLength(1);
      expect(server.calls).toEqual(['start']);
    },
  );

  test('two of a kind whose Starts were never answered are found each, though both look in the same moment', async () => {
    const { controller, clock, server } = setUp();
    server.answerStart = () => {
      server.make();
      return Promise.reject(new ProblemError(away));
    };
    const ids = [controller.start(best).id, controller.start(best).id];
    await clock.advance(2_000);
    const found = new Set(ids.map((id) => controller.get(id).egress?.egressId));
    expect(found).toEqual(new Set(['EG_1', 'EG_2']));
    expect(controller.jobs('s').value.jobs).toHaveLength(2);
  });

  test('is never called failed because the console could not ask; its stop is asked again', async () => {
    const { controller, clock, server } = setUp();
    const { id } = controller.start(best);
    await clock.advance(10);
    server.make({ egressId: 'EG_1', status: 'active', mediaStartedAtMs: clock.nowMs() });
    await clock.advance(1_500);
    server.down = away;
    await clock.advance(60_000);
    expect(controller.get(id).phase).toBe('recording');
    controller.stop(id);
    await clock.advance(4_000);
    expect(controller.get(id).phase).toBe('stopping');
    server.down = null;
    await clock.advance(20_000);
    expect(server.calls.filter((call) => call === 'stop EG_1').length).toBeGreaterThan(1);
    expect(controller.get(id).egress?.status).toBe('ending');
  });

  test('is refused while the console closes, and its desk does not begin again then', async () => {
    const { controller, clock, server, desk } = setUp();
    const { id } = controller.start(best);
    await clock.advance(10);
    server.make({ egressId: 'EG_1', status: 'active', mediaStartedAtMs: clock.nowMs() });
    await clock.advance(1_500);
    expect(desk).toEqual({ opened: 1, closed: 1 });
    const closed = controller.close();
    expect(() => controller.start(best)).toThrow('closing');
    controller.servers.see('s', server.make({ egressId: 'EG_1', status: 'failed', endedAtMs: clock.nowMs() }));
    await closed;
    expect(desk).toEqual({ opened: 1, closed: 1 });
    expect(controller.get(id).egress?.status).toBe('failed');
  });

  test('ends although its recording could not be finished in order', async () => {
    const errors: string[] = [];
    const clock = new FakeClock();
    const { controller } = setUp(
      {
        desk: {
          open: (): DeskRecording => ({
            files: () => [],
            peopleCount: () => 0,
            holes: () => [],
            began: Promise.resolve(clock.nowMs()),
            failed: new Promise(() => {}),
            close: () => Promise.reject(new Error('the disk went away')),
          }),
        },
        log: createLog((line) => void errors.push(line)),
      },
      clock,
    );
    const { id } = controller.start({ ...best, mode: 'desk-only' });
    await clock.advance(10);
    controller.stop(id);
    await clock.advance(10);
    expect(controller.get(id).phase).toBe('failed');
    expect(errors.some((line) => line.includes('the disk went away'))).toBe(true);
  });

  test('is not made of the egress that captions hear by, which takes a session all the same', async () => {
    const { controller, clock, server } = setUp();
    server.make({ egressId: 'EG_T1', kind: 'track', status: 'active', asked: feed });
    server.make({ egressId: 'EG_T2', kind: 'track', status: 'ending', asked: feed });
    server.make({ egressId: 'EG_R', status: 'active' });
    controller.servers.watch('s');
    await clock.advance(10);
    expect(controller.jobs('s').value.jobs).toHaveLength(1);
    expect(controller.servers.otherSessions('s').value).toBe(2);
    server.make({ egressId: 'EG_T1', kind: 'track', status: 'complete' });
    server.make({ egressId: 'EG_T2', kind: 'track', status: 'aborted' });
    await clock.advance(4_500);
    expect(controller.servers.otherSessions('s').value).toBe(0);
  });

  test('whose Start is answered late is not taken for gone by a list that was asked for before it', async () => {
    const { controller, clock, server } = setUp();
    const answer = Promise.withResolvers<EgressSnapshot>();
    server.answerStart = () => answer.promise;
    const { id } = controller.start({ ...best, mode: 'egress-only' });
    await clock.advance(16_900); // it waits for a worker that is busy
    const list = Promise.withResolvers<readonly EgressSnapshot[]>();
    server.list = () => list.promise;
    await clock.advance(1_500);
    answer.resolve(server.make());
    await clock.advance(10);
    list.resolve([]);
    await clock.advance(10);
    expect(controller.get(id)).toMatchObject({ phase: 'starting', egress: { status: 'starting' } });
    server.list = () => Promise.resolve([]);
    await clock.advance(10_000);
    expect(controller.get(id).phase).toBe('failed'); // it is really not there
  });

  test('is gone only where two lists in a row do not tell of it, and that is told', async () => {
    const { controller, clock, server, notices } = setUp();
    const { id } = controller.start({ ...best, mode: 'egress-only' });
    await clock.advance(10);
    server.make({ egressId: 'EG_1', status: 'active', mediaStartedAtMs: clock.nowMs() });
    await clock.advance(10_000);
    const list = server.list.bind(server);
    server.list = () => {
      server.list = list;
      return Promise.resolve([]); // a redis that has just taken over
    };
    await clock.advance(10_000);
    expect(controller.get(id).phase).toBe('recording');
    server.jobs.clear();
    await clock.advance(5_000);
    expect(controller.get(id)).toMatchObject({ phase: 'failed', text: 'The server does not list this job any more.' });
    expect(notices).toEqual(['tellEgressEnded']);
  });

  test('takes one session while its Start is not answered yet, though the server lists it already', async () => {
    const { controller, clock, server } = setUp();
    const answer = Promise.withResolvers<EgressSnapshot>();
    server.answerStart = () => answer.promise;
    server.make({ egressId: 'EG_T1', kind: 'track', status: 'active', asked: feed });
    controller.start({ ...best, mode: 'egress-only' });
    await clock.advance(10);
    const taken = server.make();
    await clock.advance(1_500);
    expect(controller.servers.otherSessions('s').value).toBe(1);
    answer.resolve(taken);
    await clock.advance(1_500);
    expect(controller.servers.otherSessions('s').value).toBe(1);
  });

  test('whose row in the journal makes no sense keeps no other from being followed', async () => {
    const first = setUp();
    const { id } = first.controller.start(best);
    await first.clock.advance(10);
    for (const [name, isRunning] of [
      ['a', true],
      ['b', false],
    ] as const)
      first.store.save({ id: name, serverId: 's', requestedAtMs: 1, isRunning, state: '{"half' });
    const { controller } = setUp({}, first.clock, first.server, first.store);
    expect(controller.jobs('s').value.jobs.map((job) => job.id)).toEqual([id]);
  });

  test('whose Start was lost on the way to a server without egress is refused, not left starting', async () => {
    const { controller, clock, server, desk } = setUp();
    server.answerStart = () => Promise.reject(new ProblemError(away));
    server.down = away;
    const { id } = controller.start(best);
    await clock.advance(2_000);
    expect(controller.get(id).egress?.status).toBe('requested');
    server.down = {
      code: 'egress-not-connected',
      fault: 'server',
      retryable: false,
      text: 'This server has no egress.',
    };
    await clock.advance(20_000);
    expect(controller.get(id)).toMatchObject({ phase: 'recording', engine: 'desk', egress: { status: 'refused' } });
    expect(desk).toEqual({ opened: 1, closed: 0 });
  });

  test('started elsewhere is adopted, also while it ends', async () => {
    const { controller, clock, server } = setUp();
    controller.servers.watch('s');
    server.make({ status: 'active', mediaStartedAtMs: clock.nowMs() });
    await clock.advance(5_000);
    expect(controller.jobs('s').value.jobs).toMatchObject([{ startedBy: 'elsewhere', phase: 'recording' }]);
  });

  test('is adopted as if new where the row of its job cannot be read, which is set aside and told', async () => {
    const { controller, clock, server, store, events } = setUp();
    const ended = controller.start({ ...best, mode: 'egress-only' }).id;
    await clock.advance(2_000);
    server.make({ egressId: 'EG_1', status: 'complete', mediaStartedAtMs: 5, endedAtMs: clock.nowMs() });
    await clock.advance(10_000);
    const running = controller.start({ ...best, mode: 'egress-only' }).id;
    await clock.advance(2_000);
    server.make({ egressId: 'EG_2', status: 'active', mediaStartedAtMs: clock.nowMs() });
    await clock.advance(10_000);
    await controller.close();
    for (const row of store.rows.values()) store.rows.set(row.id, { ...row, state: '{"half' });
    const whole = setUp({}, clock, server, store, events); // its story tells all of it
    expect([store.aside, whole.controller.get(ended).phase]).toEqual([[], 'done']);
    expect(whole.controller.get(running).phase).toBe('recording');
    await whole.controller.close();
    for (const row of store.rows.values()) store.rows.set(row.id, { ...row, state: '{"half' });
    const told: string[] = [];
    const again = setUp({ onSetAside: ({ id }) => told.push(id) }, clock, server, store); // its story is lost as well
    expect([store.aside, told]).toEqual([[ended, running], told]);
    again.controller.servers.watch('s');
    await clock.advance(10_000);
    expect(again.controller.jobs('s').value.jobs).toMatchObject([{ id: 'egress-EG_2', phase: 'recording' }]);
    expect([...store.rows.keys()].toSorted()).toEqual(['egress-EG_1', 'egress-EG_2']);
  });

  test('of every kind is adopted with what it was asked for, also one of no room', async () => {
    const { controller, clock, server } = setUp();
    const { outputs, encoding } = programRequest('a');
    const web = {
      kind: 'web',
      pageId: 'elsewhere',
      tracks: 'both',
      awaitStartSignal: false,
      outputs,
      encoding,
    } as const;
    const person = { kind: 'participant', identity: 'ada', screenShare: false, outputs, encoding } as const;
    controller.servers.watch('s');
    server.make({
      kind: 'web',
      roomName: '',
      status: 'active',
      asked: () => ({ request: web, subject: 'wall.example', isFeed: false }),
    });
    server.make({
      kind: 'participant',
      status: 'active',
      asked: () => ({ request: person, subject: '', isFeed: false }),
    });
    await clock.advance(5_000);
    const jobs = controller.jobs('s').value.jobs.toSorted((a, b) => (a.title < b.title ? -1 : 1));
    expect(jobs).toMatchObject([
      { title: 'Recording of ada', roomName: 'town-hall', request: person, startedBy: 'elsewhere' },
      { title: 'Recording of wall.example', roomName: '', request: web },
    ]);
    expect(controller.servers.otherSessions('s').value).toBe(0);
  });

  test('whose Start was never answered is told apart from another of its kind by the person it is of', async () => {
    const { controller, clock, server } = setUp();
    const { outputs, encoding } = programRequest('a');
    const of = (identity: string) =>
      ({ kind: 'participant', identity, screenShare: false, outputs, encoding }) as const;
    server.answerStart = () => Promise.reject(new ProblemError(away));
    server.down = away;
    const ada = controller.start({ ...best, request: of('ada') });
    const ben = controller.start({ ...best, request: of('ben') });
    await clock.advance(10);
    for (const identity of ['ben', 'ada'])
      server.make({
        egressId: `EG_${identity}`,
        kind: 'participant',
        asked: () => ({ request: of(identity), subject: '', isFeed: false }),
      });
    server.down = null;
    await clock.advance(5_000);
    expect(controller.get(ada.id).egress?.egressId).toBe('EG_ada');
    expect(controller.get(ben.id).egress?.egressId).toBe('EG_ben');
  });
});

const dayMs = 24 * 3_600_000;

describe('what ended while nobody looked', () => {
  test('of others is history with its story, and neither news nor a job of this day; a feed is nothing at all', async () => {
    const { controller, clock, server, store, events, notices } = setUp();
    server.make({
      egressId: 'EG_good',
      status: 'complete',
      startedAtMs: 5,
      endedAtMs: 9,
      results: { ...noResults, files: [file] },
    });
    server.make({ egressId: 'EG_bad', status: 'failed', error: 'signal: killed', errorCode: 500, endedAtMs: 9 });
    server.make({ egressId: 'EG_feed', kind: 'track', status: 'complete', endedAtMs: 9, asked: feed });
    controller.servers.watch('s');
    await clock.advance(10_000);
    expect(controller.jobs('s').value.jobs).toEqual([]);
    expect(notices).toEqual([]);
    expect([...store.rows.keys()]).toEqual(['egress-EG_good', 'egress-EG_bad']);
    const [good, bad] = [...store.rows.values()].map((row) => readJobState(row.state));
    expect(good).toMatchObject({
      startedBy: 'elsewhere',
      phase: 'done',
      endedAtMs: 9,
      egress: { outcome: 'complete' },
    });
    expect(bad).toMatchObject({ phase: 'failed', egress: { said: '500 signal: killed' } });
    expect(events.of('egress-EG_bad').map(({ told }) => told)).toEqual([
      'Found at the server, started elsewhere. It was over: Failed at the server: 500 signal: killed.',
    ]);
    // Nor does it come again, here or in another run.
    const again = setUp({}, clock, server, store, events);
    again.controller.servers.watch('s');
    await clock.advance(10_000);
    expect(events.of('egress-EG_bad')).toHaveLength(1);
  });

  test('a row that was given up does not come back after a day and a restart, nor does it count', async () => {
    const first = setUp();
    const { id } = first.controller.start(best);
    await first.clock.advance(10);
    first.server.make({ egressId: 'EG_1', status: 'active', mediaStartedAtMs: first.clock.nowMs() });
    await first.clock.advance(1_500);
    first.controller.forget(id);
    first.controller.stop(id);
    await first.clock.advance(1_500);
    await first.controller.close();
    await first.clock.advance(dayMs + 60_000);
    const second = setUp({}, first.clock, first.server, first.store, first.events);
    second.controller.servers.watch('s');
    await first.clock.advance(10_000);
    expect(second.controller.jobs('s').value.jobs).toEqual([]);
    expect(second.controller.servers.otherSessions('s').value).toBe(0);
  });
});

test('a job that ended a day ago is in the journal alone', async () => {
  const { controller, clock, store } = setUp();
  const { id } = controller.start({ ...best, mode: 'desk-only' });
  await clock.advance(10);
  controller.stop(id);
  await clock.advance(dayMs + 60_000);
  const other = controller.start({ ...best, mode: 'desk-only' });
  await clock.advance(10);
  controller.stop(other.id);
  await clock.advance(10);
  expect(() => controller.get(id)).toThrow(ProblemError);
  expect(controller.get(other.id).phase).toBe('done');
  expect(store.rows.has(id)).toBe(true);
});

test('a web page whose Start was never answered is found again by its host and the name of its file', async () => {
  const { controller, clock, server } = setUp({ twinOf: (id) => `https://${id}.example/board?key={...}` });
  const { outputs, encoding } = programRequest('wall-{time}');
  const page = (pageId: string) =>
    ({ kind: 'web', pageId, tracks: 'both', awaitStartSignal: false, outputs, encoding }) as const;
  server.answerStart = () => Promise.reject(new ProblemError(away));
  server.down = away;
  const { id } = controller.start({ ...best, request: page('wall') });
  await clock.advance(10);
  const web = { kind: 'web', roomName: '', status: 'starting' } as const;
  const asked = (subject: string, name: string) => () =>
    ({ request: { ...page('elsewhere'), outputs: programRequest(name).outputs }, subject, isFeed: false }) as const;
  server.make({ ...web, egressId: 'EG_host', asked: asked('door.example', 'wall-{time}') });
  server.make({ ...web, egressId: 'EG_name', asked: asked('wall.example', 'other') });
  server.make({ ...web, egressId: 'EG_ours', asked: asked('wall.example', 'wall-{time}') });
  server.down = null;
  await clock.advance(5_000);
  expect(controller.get(id)).toMatchObject({ startedBy: 'here', egress: { egressId: 'EG_ours' } });
  expect(controller.jobs('s').value.jobs).toHaveLength(3);
});

test('a job whose row its server tells in words that nobody here knows is not known, and not gone', async () => {
  const { controller, clock, server, desk } = setUp();
  const { id } = controller.start(best);
  await clock.advance(10);
  server.make({ egressId: 'EG_1', status: 'active', mediaStartedAtMs: clock.nowMs() });
  await clock.advance(1_500);
  server.make({ egressId: 'EG_1', status: 'unknown' });
  await clock.advance(60_000);
  const unclear = controller.get(id);
  expect([unclear.phase, unclear.egress?.status, unclear.unknownSinceMs !== null]).toEqual([
    'recording',
    'active',
    true,
  ]);
  server.make({ egressId: 'EG_1', status: 'active' });
  await clock.advance(5_000);
  expect([controller.get(id).unknownSinceMs, desk.opened]).toEqual([null, 1]);
});

test('a name that the egress of another console writes too is told on the card, until one of them is over', async () => {
  const { controller, clock, server } = setUp();
  const { id } = controller.start(best);
  await clock.advance(10);
  const named = (name: string) => ({ results: { ...noResults, files: [{ ...file, name }] } });
  const active = { status: 'active', mediaStartedAtMs: clock.nowMs() } as const;
  server.make({ egressId: 'EG_1', ...active, ...named('hall-2026-11-29T201500.mp4') });
  server.make({ egressId: 'EG_other', ...active, ...named('hall-2026-11-29T201501.mp4') });
  await clock.advance(5_000);
  const warnings = () => controller.jobs('s').value.jobs.map((job) => job.warnings.map(({ code }) => code));
  expect(warnings()).toEqual([[], []]);
  server.make({ egressId: 'EG_other', ...named('hall-2026-11-29T201500.mp4') });
  await clock.advance(5_000);
  expect(controller.get(id).warnings).toMatchObject([{ code: 'same-name', steps: ['retry'] }]);
  expect(controller.get(id).warnings[0]?.text).toContain('hall-2026-11-29T201500.mp4');
  expect(warnings().flat()).toEqual(['same-name']); // whoever started the other is told by a console of theirs
  server.make({ egressId: 'EG_other', status: 'complete', endedAtMs: clock.nowMs() });
  await clock.advance(5_000);
  expect(controller.get(id).warnings).toEqual([]);
});

test('after a crash: egress is followed on, the desk`s files are joined, and the end is told', async () => {
  const first = setUp();
  const { id } = first.controller.start(best);
  first.server.answerStart = null;
  await first.clock.advance(10);
  // No close: the process was killed. The journal is what is left, and the server goes on.
  const rows = new JobRows();
  for (const row of first.store.rows.values()) rows.save(row);
  first.server.make({ egressId: 'EG_1', status: 'active', mediaStartedAtMs: first.clock.nowMs() });
  const file = { name: 'mix.wav', path: '/r/mix.wav', identity: null, bytes: 5, durationMs: 2_000, startedAtMs: 1 };
  const endedAtMs = first.clock.nowMs() + 2_000;
  const second = setUp({ found: [{ jobId: id, files: [file], endedAtMs }] }, first.clock, first.server, rows);
  second.controller.servers.watch('s');
  await first.clock.advance(1_500);
  expect(second.notices).toContain('tellConsoleWasKilled');
  expect(second.controller.get(id)).toMatchObject({
    phase: 'recording',
    engine: 'egress',
    desk: { status: 'released' }, // it went on until the first look
  });
  expect(second.desk).toEqual({ opened: 1, closed: 1 });
  expect(second.controller.get(id).files.map((one) => one.name)).toContain('mix.wav');
});

test('after a crash: what was recorded here alone goes on, once, and the hole is told', async () => {
  const first = setUp();
  const { id } = first.controller.start({ ...best, mode: 'desk-only', request: { kind: 'room-sound' } });
  await first.clock.advance(3_000);
  const endedAtMs = first.clock.nowMs();
  const rows = new JobRows(); // no close: the process was killed
  for (const row of first.store.rows.values()) rows.save(row);
  await first.clock.advance(20_000);
  const file = { name: 'mix.wav', path: '/r/mix.wav', identity: null, bytes: 5, durationMs: 3_000, startedAtMs: 1 };
  const second = setUp({ found: [{ jobId: id, files: [file], endedAtMs }] }, first.clock, first.server, rows);
  await first.clock.advance(2_000);
  expect([second.desk, second.goneOn]).toEqual([{ opened: 1, closed: 0 }, [2]]);
  expect(second.notices).toEqual(['tellConsoleWasKilled', 'tellDeskHole']);
  expect(second.controller.get(id)).toMatchObject({
    phase: 'recording',
    desk: { status: 'recording', holes: [{ fromMs: endedAtMs, toMs: endedAtMs + 20_000 }] },
  });
  expect(second.controller.get(id).files.map((one) => one.id)).toEqual(['desk-1-mix-mix.wav', 'desk-2-mix-mix.wav']);
});

test('after a crash: a stop that the server had not taken is asked for again, and once more after a refusal', async () => {
  const first = setUp();
  const { id } = first.controller.start(best);
  await first.clock.advance(10);
  first.server.make({ egressId: 'EG_1', status: 'active', mediaStartedAtMs: first.clock.nowMs() });
  await first.clock.advance(1_500);
  first.server.down = away;
  first.controller.stop(id);
  await first.clock.advance(10);
  const rows = new JobRows(); // no close: the process was killed
  for (const row of first.store.rows.values()) rows.save(row);
  const server = new Server(first.clock);
  server.jobs.set('EG_1', first.server.make({ egressId: 'EG_1', status: 'active' }));
  server.down = { code: 'wrong-key', fault: 'yours', retryable: false, text: 'The server does not know this key.' };
  const { controller } = setUp({}, first.clock, server, rows);
  controller.servers.watch('s');
  await first.clock.advance(10);
  expect(server.calls).toEqual(['stop EG_1']);
  controller.stop(id);
  await first.clock.advance(10);
  expect(server.calls).toEqual(['stop EG_1']); // it is asked already
  server.down = null; // the key was mended
  await first.clock.advance(60_000);
  expect(server.calls).toEqual(['stop EG_1', 'stop EG_1']);
  expect(controller.get(id)).toMatchObject({ phase: 'stopping', egress: { status: 'ending' } });
});

test.each([
  ['failed on the first evening', { status: 'failed', error: 'signal: killed', errorCode: 500 } as const, 'failed'],
  ['is forgotten by its server', null, 'done'],
])('a job that %s is not recorded here three days later; one of just now is', async (_name, end, phase) => {
  const opened = async (awayMs: number) => {
    const first = setUp();
    const { id } = first.controller.start(best);
    await first.clock.advance(10);
    first.server.make({ egressId: 'EG_1', status: 'active', mediaStartedAtMs: first.clock.nowMs() });
    await first.clock.advance(6_000);
    const rows = new JobRows();
    for (const row of first.store.rows.values()) rows.save(row);
    const server = new Server(first.clock);
    if (end) server.jobs.set('EG_1', first.server.make({ egressId: 'EG_1', ...end, endedAtMs: first.clock.nowMs() }));
    await first.controller.close();
    await first.clock.advance(awayMs);
    const { controller, clock, desk } = setUp({}, first.clock, server, rows, first.events);
    controller.servers.watch('s');
    await clock.advance(2_000);
    return [controller.get(id).phase, desk.opened] as const;
  };
  expect(await opened(3 * 24 * 3_600_000)).toEqual([phase, 0]);
  expect(await opened(20_000)).toEqual(['recording', 1]);
});

test('after a crash before the server had answered: the sound goes on here, and what it never took is told', async () => {
  const first = setUp();
  let hangUp = (): void => {};
  first.server.answerStart = () => new Promise((_resolve, reject) => (hangUp = () => reject(new ProblemError(away))));
  const { id } = first.controller.start(best);
  await first.clock.advance(10);
  const rows = new JobRows();
  for (const row of first.store.rows.values()) rows.save(row);
  const second = setUp({}, first.clock, first.server, rows);
  second.controller.servers.watch('s');
  await first.clock.advance(2_000);
  expect(second.controller.get(id)).toMatchObject({ phase: 'starting', desk: { status: 'recording' } });
  await first.clock.advance(65_000);
  expect(second.controller.get(id)).toMatchObject({
    phase: 'recording',
    engine: 'desk',
    desk: { status: 'recording' },
  });
  expect(second.controller.get(id).refusal?.cuedeskDid).toContain('Records the sound here since');
  expect(second.notices).toEqual(['tellConsoleWasKilled', 'tellDeskHole', 'tellRefusal']);
  hangUp();
});

test('an orderly end finishes what is recorded here and leaves egress to its server', async () => {
  const { controller, clock, server, desk, store } = setUp();
  const { id } = controller.start(best);
  await clock.advance(10);
  await controller.close();
  expect(desk).toEqual({ opened: 1, closed: 1 });
  expect(server.calls).toEqual(['start']);
  expect(store.rows.get(id)?.isRunning).toBe(true);
});
