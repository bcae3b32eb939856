import { afterAll, beforeAll, expect, test } from 'vitest';
import { programRequest } from '../../src/shared/model/job-request.ts';
import { openWholeConsole, until, type WholeConsole } from '../support/whole-console.ts';
import { incidentsOf, jobWhen } from '../support/whole-jobs.ts';

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
});
