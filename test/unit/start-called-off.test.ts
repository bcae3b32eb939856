// A Start that waits for its refusal can be called off; what the server took nevertheless is stopped, also late.
import { afterEach, expect, test } from 'vitest';
import { JobController } from '../../src/core/jobs/job-controller.ts';
import type { EgressPort, EgressSnapshot } from '../../src/core/jobs/ports.ts';
import { silentLog } from '../../src/core/live/log.ts';
import { noResults } from '../../src/shared/model/egress-results.ts';
import { programRequest } from '../../src/shared/model/job-request.ts';
import { ProblemError } from '../../src/shared/model/problem-error.ts';
import { JobEventRows, JobRows } from '../support/job-stores.ts';
import { FakeClock } from '../support/fake-clock.ts';

const open: JobController[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((controller) => controller.close()));
});

/** A server that never answers a Start, and lists what the test says. */
function setUp() {
  const clock = new FakeClock();
  const listed: EgressSnapshot[] = [];
  const seen = { aborted: 0, stopped: [] as string[], listFails: null as ProblemError | null };
  const port: EgressPort = {
    start: (_room, _request, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          seen.aborted++;
          reject(signal.reason as Error);
        });
      }),
    stop: async (egressId) => {
      seen.stopped.push(egressId);
      return null;
    },
    list: async () => {
      if (seen.listFails) throw seen.listFails;
      return listed;
    },
  } as Partial<EgressPort> as EgressPort; // no other call is made here
  const notices: string[] = [];
  const controller = new JobController({
    store: new JobRows(),
    events: new JobEventRows(),
    egressOf: () => port,
    desk: {
      open: () => ({
        files: () => [],
        peopleCount: () => 0,
        holes: () => [],
        began: Promise.resolve(clock.nowMs()),
        failed: new Promise(() => {}),
        close: async () => {},
      }),
    },
    found: [],
    onNotice: (_job, notice) => notices.push(notice.do),
    onPhase: () => {},
    onPresence: () => {},
    clock,
    log: silentLog,
  } as ConstructorParameters<typeof JobController>[0]);
  open.push(controller);
  const request = programRequest('a', 'grid');
  const { id } = controller.start({ serverId: 's', roomName: 'hall', mode: 'egress-only', title: 'a.mp4', request });
  return { controller, clock, listed, seen, notices, id };
}

test('the call is ended at once, nobody waits 25 s, and it counts as no failure', async () => {
  const { controller, clock, seen, notices, id } = setUp();
  await clock.advance(12_000);
  expect(controller.get(id)).toMatchObject({ phase: 'starting', egress: { status: 'requested' } });
  expect(controller.stop(id).phase).toBe('stopping');
  await clock.advance(10);
  expect(seen.aborted).toBe(1);
  expect(controller.get(id).text).toContain('Called off; the server is watched');
  await clock.advance(8_000);
  expect(controller.get(id)).toMatchObject({ phase: 'done', text: 'Called off before the server had answered.' });
  expect([notices, seen.stopped]).toEqual([[], []]);
});

test('a job that the server had just taken is found in its list, and stopped', async () => {
  const { controller, clock, listed, seen, id } = setUp();
  await clock.advance(2_000);
  controller.stop(id);
  const at = { startedAtMs: clock.nowMs(), mediaStartedAtMs: null, endedAtMs: null, updatedAtNs: 1n };
  const said = { error: '', errorCode: 0, details: '', results: noResults };
  listed.push({ egressId: 'EG_late', roomName: 'hall', kind: 'room-composite', status: 'starting', ...at, ...said });
  await clock.advance(2_000);
  expect(seen.stopped).toContain('EG_late');
  listed[0] = { ...(listed[0] as EgressSnapshot), status: 'aborted', endedAtMs: clock.nowMs(), updatedAtNs: 2n };
  await clock.advance(2_000);
  expect(['done', 'failed']).toContain(controller.get(id).phase);
});

test('on a server without egress it ends as soon as that is known', async () => {
  const { controller, clock, seen, notices, id } = setUp();
  const text = 'This server has no egress.';
  seen.listFails = new ProblemError({ code: 'egress-not-connected', fault: 'server', retryable: false, text });
  await clock.advance(1_000);
  controller.stop(id);
  await clock.advance(1_000);
  expect(controller.get(id)).toMatchObject({ phase: 'done', refusal: null });
  expect(notices).toEqual([]);
});

const asked = (filePath: string) => (): NonNullable<ReturnType<NonNullable<EgressSnapshot['asked']>>> => ({
  request: programRequest(filePath, 'grid'),
  subject: '',
  isFeed: false,
});
const late = (egressId: string, startedAtMs: number, filePath: string): EgressSnapshot => ({
  egressId,
  roomName: 'hall',
  kind: 'room-composite',
  status: 'starting',
  startedAtMs,
  mediaStartedAtMs: null,
  endedAtMs: null,
  updatedAtNs: 1n,
  error: '',
  errorCode: 0,
  details: '',
  results: noResults,
  asked: asked(filePath),
});

test('a worker that takes it later than that is stopped too; what another has started in the same room goes on', async () => {
  const { controller, clock, listed, seen, id } = setUp();
  await clock.advance(2_000);
  controller.stop(id);
  await clock.advance(20_000);
  expect(controller.get(id).phase).toBe('done');
  listed.push(late('EG_ours', clock.nowMs(), '/out/a'), late('EG_other', clock.nowMs(), '/out/b'));
  await clock.advance(5_000);
  expect(seen.stopped.length).toBeGreaterThan(0);
  expect(new Set(seen.stopped)).toEqual(new Set(['EG_ours']));
  expect(controller.get(id).text).toBe(
    'Called off before the server had answered. The server took it later, and was told to stop it.',
  );
  const { jobs } = controller.jobs('s').value;
  expect(jobs.map(({ startedBy, egress }) => [startedBy, egress?.egressId])).toEqual([
    ['elsewhere', 'EG_other'],
    ['here', null],
  ]);
  // Once it is over it is nobody else's history either.
  listed[0] = {
    ...late('EG_ours', clock.nowMs(), '/out/a'),
    status: 'aborted',
    endedAtMs: clock.nowMs(),
    updatedAtNs: 2n,
  };
  await clock.advance(200_000);
  expect(controller.jobs('s').value.jobs).toHaveLength(2);
  expect(controller.servers.otherSessions('s').value).toBe(0);
});
