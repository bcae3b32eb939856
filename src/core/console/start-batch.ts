import type { BatchPlan, BatchResult, BatchStart } from '../../shared/model/batch.ts';
import { problemOf } from '../../shared/model/problem-error.ts';
import { planBatch } from '../jobs/plan/batch.ts';
import { needServer } from './need-server.ts';
import type { ConsoleParts } from './parts.ts';
import { planServer } from './planning.ts';
import { startOne } from './start-one.ts';

/** Who would do what of several starts. Throws a ProblemError (`no-such-server`). */
export function planStarts(core: ConsoleParts, serverId: string, starts: readonly BatchStart[]): BatchPlan {
  needServer(core.servers, serverId);
  return planBatch({
    starts,
    ...planServer(core, serverId),
    peopleOf: (roomName) => core.rooms.people(serverId, roomName) ?? [],
  });
}

/** Starts them as planned; one that cannot start does not hold up the others. Throws a ProblemError (`no-such-server`). */
export function startBatch(core: ConsoleParts, serverId: string, starts: readonly BatchStart[]): BatchResult {
  const plan = planStarts(core, serverId, starts);
  tellSplit(core, serverId, starts, plan);
  const jobs = starts.map((start, index): BatchResult['jobs'][number] => {
    const engine = plan.parts[index]?.engine;
    if (engine !== 'egress' && engine !== 'desk' && engine !== 'later') return { job: null, problem: null };
    try {
      const mode = engine === 'desk' ? 'desk-only' : start.mode;
      return { job: startOne(core, { ...start, serverId, mode }), problem: null };
    } catch (error) {
      return { job: null, problem: problemOf(error) };
    }
  });
  return { plan, jobs };
}

function tellSplit(
  core: ConsoleParts,
  serverId: string,
  starts: readonly BatchStart[],
  { parts, headline }: BatchPlan,
): void {
  const isElsewhere = (engine: BatchPlan['parts'][number]['engine']): boolean =>
    engine !== 'egress' && engine !== 'later';
  if (!parts.some(({ engine }, index) => isElsewhere(engine) && starts[index]?.mode !== 'desk-only')) return;
  core.incidents.add({
    kind: 'fallback',
    state: 'decided',
    serverId,
    what: `${starts.length} starts were split before the first call.`,
    detail: headline,
    done: [...new Set(parts.filter(({ engine }) => isElsewhere(engine)).map(({ because }) => because))].join(' '),
  });
}
