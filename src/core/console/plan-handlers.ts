import type { ConsoleContract } from '../../shared/contract/index.ts';
import type { Handlers } from '../../shared/rpc/contract.ts';
import { planJob } from '../jobs/plan/plan-job.ts';
import { needServer } from './need-server.ts';
import type { ConsoleParts } from './parts.ts';
import { planInput } from './planning.ts';

/** What would happen on Start. */
export function planHandlers(parts: ConsoleParts): Pick<Handlers<ConsoleContract>, 'planJob'> {
  return {
    planJob: async (order) => {
      needServer(parts.servers, order.serverId);
      return planJob(planInput(parts, order));
    },
  };
}
