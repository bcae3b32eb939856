import type { ConsoleContract } from '../../shared/contract/index.ts';
import type { Handlers } from '../../shared/rpc/contract.ts';
import { planJob } from '../jobs/plan/plan-job.ts';
import { needServer } from './need-server.ts';
import type { ConsoleParts } from './parts.ts';
import { planInput } from './planning.ts';
import { planStarts, startBatch } from './start-batch.ts';

type All = Handlers<ConsoleContract>;

/** What would happen on Start, and several starts at once. */
export function planHandlers(parts: ConsoleParts): Pick<All, 'planJob' | 'planBatch' | 'startBatch'> {
  return {
    planJob: async (order) => {
      needServer(parts.servers, order.serverId);
      return planJob(planInput(parts, order));
    },
    planBatch: async ({ serverId, starts }) => planStarts(parts, serverId, starts),
    startBatch: async ({ serverId, starts }) => startBatch(parts, serverId, starts),
  };
}
