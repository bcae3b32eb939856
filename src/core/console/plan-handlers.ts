import type { ConsoleContract } from '../../shared/contract/index.ts';
import type { BatchPlan, BatchResult, BatchStart } from '../../shared/model/batch.ts';
import { problemOf } from '../../shared/model/problem-error.ts';
import type { Handlers } from '../../shared/rpc/contract.ts';
import { planBatch } from '../jobs/plan/batch.ts';
import { planJob } from '../jobs/plan/plan-job.ts';
import { needServer } from './need-server.ts';
import type { ConsoleParts } from './parts.ts';
import { planInput, planServer } from './planning.ts';
import { startOne } from './start-one.ts';

type All = Handlers<ConsoleContract>;

/** What would happen on Start, and several starts at once. */
export function planHandlers(parts: ConsoleParts): Pick<All, 'planJob' | 'planBatch' | 'startBatch'> {
  const { servers, rooms } = parts;
  const plan = (serverId: string, starts: readonly BatchStart[]): BatchPlan => {
    needServer(servers, serverId);
    return planBatch({
      starts,
      ...planServer(parts, serverId),
      peopleOf: (roomName) => rooms.people(serverId, roomName) ?? [],
    });
  };
  return {
    planJob: async (order) => {
      needServer(servers, order.serverId);
      return planJob(planInput(parts, order));
    },
    planBatch: async ({ serverId, starts }) => plan(serverId, starts),
    startBatch: async ({ serverId, starts }) => {
      const decided = plan(serverId, starts);
      return { plan: decided, jobs: startBatch(parts, serverId, starts, decided) };
    },
  };
}

function startBatch(
  core: ConsoleParts,
  serverId: string,
  starts: readonly BatchStart[],
  { parts, headline }: BatchPlan,
): BatchResult['jobs'] {
  const isMoved = parts.some(({ engine }, index) => engine !== 'egress' && starts[index]?.mode !== 'desk-only');
  if (isMoved)
    core.incidents.add({
      kind: 'fallback',
      state: 'decided',
      serverId,
      what: `${starts.length} starts were split before the first call.`,
      detail: headline,
      done: [...new Set(parts.filter(({ engine }) => engine !== 'egress').map(({ because }) => because))].join(' '),
    });
  return starts.map((start, index) => {
    const engine = parts[index]?.engine;
    if (engine !== 'egress' && engine !== 'desk') return { job: null, problem: null };
    try {
      return {
        job: startOne(core, { ...start, serverId, mode: engine === 'desk' ? 'desk-only' : start.mode }),
        problem: null,
      };
    } catch (error) {
      return { job: null, problem: problemOf(error) };
    }
  });
}
