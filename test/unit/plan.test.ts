import { expect, test } from 'vitest';
import { planJob, type PlanInput } from '../../src/core/jobs/plan.ts';
import { programRequest } from '../../src/shared/model/job-request.ts';

const input: PlanInput = {
  mode: 'best',
  request: programRequest('{room_name}', 'grid'),
  roomName: 'town-hall',
  peopleCount: 6,
  roomExists: true,
  server: { kind: 'cloud', egress: 'present' },
  sessions: { inUse: 1, limit: 2, source: 'declared' },
  diskFreeBytes: 10_500_000_000,
  recordingsFolder: '/recordings',
};

test.each([
  ['egress with a free session', {}, 'egress', null],
  ['no session free', { sessions: { inUse: 2, limit: 2, source: 'declared' } }, 'desk', '2 of 2'],
  [
    'no session free, egress only',
    { mode: 'egress-only', sessions: { inUse: 2, limit: 2, source: 'learned' } },
    'egress',
    '2 of 2',
  ],
  ['a server without egress', { server: { kind: 'local', egress: 'absent' } }, 'desk', 'no egress'],
  ['an unknown limit refuses nothing', { sessions: { inUse: 9, limit: null, source: 'unknown' } }, 'egress', null],
  ['asked to record here', { mode: 'desk-only' }, 'desk', null],
  ['a room that is not there', { roomExists: false }, 'none', null],
] as const)('%s', (_what, change, verdict, expected) => {
  const plan = planJob({ ...input, ...change } as PlanInput); // each change is a part of the input
  expect(plan.verdict).toBe(verdict);
  if (expected === null) expect(plan.expectedRefusal).toBeNull();
  else expect(plan.expectedRefusal).toContain(expected);
});

test('no figure without its source, and the desk says how long the disk lasts', () => {
  const plan = planJob({ ...input, mode: 'desk-only' });
  const lasts = plan.facts.find((fact) => fact.label === 'Lasts');
  expect(lasts).toEqual({ label: 'Lasts', value: '4 h 20 m of disk, 672 kB/s', source: 'estimated' });
});
