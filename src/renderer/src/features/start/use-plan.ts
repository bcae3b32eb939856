import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { Problem } from '../../../../shared/model/common.ts';
import type { JobPlan } from '../../../../shared/model/job.ts';
import { problemOf } from '../../../../shared/model/problem-error.ts';
import { useApi } from '../../api-context.ts';
import { limitsStore } from '../../stores/limits.ts';
import type { StartOrder } from '../jobs/use-job-commands.ts';

type Asked = readonly [serverId: string, roomName: string, order: StartOrder];

const settleMs = 150; // while one types a name, not each letter is asked

export interface Verdict {
  /** Null before the first answer. An older answer stays while the next is on its way. */
  readonly plan: JobPlan | null;
  readonly problem: Problem | null;
}

/** What would happen on Start, asked anew with each change of the order and of the limits; nothing while there is no order. */
export function usePlan(serverId: string, roomName: string, order: StartOrder | null): Verdict {
  const api = useApi();
  const limits = useStore(limitsStore, (state) => state.limits);
  const [verdict, setVerdict] = useState<Verdict>({ plan: null, problem: null });
  const asked: Asked | null = order && [serverId, roomName, order];
  const question = asked && JSON.stringify(asked); // by value: a new object with the same order asks nothing
  const state = JSON.stringify(limits.map(({ id, inUse, limit }) => [id, inUse, limit]));
  useEffect(() => {
    if (question === null) return;
    const stopping = new AbortController();
    const timer = setTimeout(() => {
      api
        .run((core) => core.planJob(askedOf(question), { signal: stopping.signal }))
        .then(
          (plan) => {
            if (!stopping.signal.aborted) setVerdict({ plan, problem: null });
          },
          (error: unknown) => {
            if (!stopping.signal.aborted) setVerdict({ plan: null, problem: problemOf(error) });
          },
        );
    }, settleMs);
    return () => {
      clearTimeout(timer);
      stopping.abort();
    };
  }, [api, question, state]);
  return verdict;
}

function askedOf(question: string): { serverId: string; roomName: string } & StartOrder {
  const [serverId, roomName, order] = JSON.parse(question) as Asked; // made by usePlan above
  return { serverId, roomName, ...order };
}
