import { afterAll, beforeAll, expect, test } from 'vitest';
import { programRequest } from '../../src/shared/model/job-request.ts';
import { openWholeConsole, until, type WholeConsole } from '../support/whole-console.ts';
import { incidentsOf, jobEnd, jobWhen, startRecording } from '../support/whole-jobs.ts';

// Several starts at once on a server with two egress sessions.

let desk: WholeConsole;
beforeAll(async () => {
  desk = await openWholeConsole({ egressLimit: 2 });
}, 90_000);
afterAll(() => desk.close());

test('three starts on two sessions: two go to egress and one is recorded here, and none is refused', async () => {
  const { api, serverId } = desk;
  const { rooms } = await until(api.rooms({ serverId }), (list) => list.rooms.length >= 3, 'three rooms');
  const starts = rooms
    .slice(0, 3)
    .map(({ name }) => ({ roomName: name, mode: 'best' as const, request: programRequest(`${name}-{time}`) }));
  const planned = await api.planBatch({ serverId, starts });
  const { plan, jobs } = await api.startBatch({ serverId, starts });
  expect(plan).toEqual(planned);
  expect(plan.headline).toBe('2 by egress, 1 here, sound only: 2 sessions are free.');
  const begun = jobs.flatMap(({ job }) => job ?? []);
  expect(begun.map(({ mode }) => mode)).toEqual(['best', 'best', 'desk-only']);
  const [, , here] = begun;
  if (here) await jobWhen(api, here, (job) => job.phase === 'recording', 'to record here');
  expect(begun.every(({ refusal }) => refusal === null)).toBe(true);
  const split = (await incidentsOf(api)).find(({ what }) => what.includes('split'));
  expect(split).toMatchObject({ state: 'decided', detail: plan.headline });
  for (const job of begun) await api.stopJob({ jobId: job.id });
  for (const job of begun) await jobEnd(api, job);
});

test('egress only, refused at the limit: it waits, and is asked again as soon as a session is seen free', async () => {
  const { api, serverId, control } = desk;
  const other = await startRecording(api, serverId, 'other', 'egress-only');
  await jobWhen(api, other, (job) => job.egress?.egressId != null, 'to be taken');
  await control.drill('refuse-429');
  const job = await startRecording(api, serverId, 'waits', 'egress-only');
  const waiting = await jobWhen(api, job, ({ phase }) => phase === 'waiting', 'to wait');
  expect(waiting).toMatchObject({
    again: { tries: 1, isForSession: true },
    refusal: { problem: { code: 'egress-limit' } },
  });
  const told = async () => (await incidentsOf(api)).find(({ jobId, kind }) => jobId === job.id && kind === 'refused');
  await expect.poll(told).toMatchObject({
    state: 'trouble',
    done: expect.stringMatching(/as soon as a session is free: try 2 of 10\.$/),
  });
  await api.stopJob({ jobId: other.id });
  const taken = await jobWhen(api, job, ({ egress }) => egress?.egressId != null, 'to be taken');
  expect(taken.phaseAtMs).toBeLessThan(waiting.again?.atMs ?? 0);
  await expect.poll(told).toMatchObject({ state: 'closed', done: 'Asked again, and the server took it.' });
  await api.stopJob({ jobId: job.id });
  await jobEnd(api, job);
});

test('a start that is not yet answered counts for the budget', async () => {
  const { api, serverId, control } = desk;
  await api.declareLimit({ serverId, id: 'egress', limit: 2 }); // after what a refusal has taught
  await control.drill('refuse-503'); // answered after some 22 s
  const job = await startRecording(api, serverId, 'unanswered', 'egress-only');
  await jobWhen(api, job, ({ egress }) => egress?.status === 'requested', 'to be asked for');
  const starts = ['town-hall', 'backstage'].map((roomName) => ({
    roomName,
    mode: 'best' as const,
    request: programRequest('{room_name}-{time}'),
  }));
  const planned = await api.planBatch({ serverId, starts });
  expect(planned.headline).toBe('1 by egress, 1 here, sound only: 1 session is free.');
  await api.stopJob({ jobId: job.id });
});
