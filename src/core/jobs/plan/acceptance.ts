import { CpuKind, type Acceptance, type EgressWorker } from '../../../shared/model/capacity.ts';
import { browserKinds, cpuCosts, cpuCostsFrom, cpuKindOf, cpuShare, pulseShare } from './cpu-costs.ts';
import type { PlanInput } from './input.ts';
import type { WayId } from './ways.ts';

export interface WorkerFigures {
  readonly worker: EgressWorker;
  /** Cores of its computer; null where nobody has declared them, for the page does not tell. */
  readonly cores: number | null;
  /** Cores that were declared for a kind, where they differ from the defaults of egress. */
  readonly costs: Readonly<Partial<Record<CpuKind, number>>>;
}

/** Whether a worker would take each kind of job now, from its page: the arithmetic that egress itself does. Pure. */
export function acceptances(figures: WorkerFigures): Acceptance[] {
  return CpuKind.options.map((kind) => ({ kind, ...acceptanceOf(kind, figures) }));
}

export function acceptanceOf(kind: CpuKind, figures: WorkerFigures): Omit<Acceptance, 'kind'> {
  const { worker, costs } = figures;
  const declared = costs[kind];
  const cores = declared ?? cpuCosts[kind].cores;
  const base = {
    label: cpuCosts[kind].label,
    cores,
    coresSource: declared === undefined ? 'estimated' : 'declared',
    coresFrom: declared === undefined ? cpuCostsFrom : 'declared by you',
  } as const;
  const answer = (accepts: boolean | null, because: string): Omit<Acceptance, 'kind'> => ({
    ...base,
    accepts,
    because,
  });
  if (worker.isTerminating) return answer(false, 'The worker is shutting down.');
  if (worker.isDisabled) return answer(false, 'The worker takes no jobs: it is disabled.');
  if (browserKinds.includes(kind) && worker.pulseRatio !== null && worker.pulseRatio > 1 - pulseShare)
    return answer(false, `Its sound server is ${percent(worker.pulseRatio)} full; a browser needs 4 more clients.`);
  if (worker.takesAnyKind) return answer(true, 'The worker says that it takes any kind.');
  const free = freeCores(figures);
  if (free !== null) {
    const words = `${round(Math.max(0, free))} of ${figures.cores} cores are to be had, ${cores} needed.`;
    return answer(free >= cores, words);
  }
  const dearest = Math.max(...CpuKind.options.map((one) => costs[one] ?? cpuCosts[one].cores));
  if (worker.takesAnyKind === false && cores >= dearest)
    return answer(false, 'The worker says that it has no room for the most costly kind.');
  return answer(null, 'The page does not tell how many cores the worker has: declare them.');
}

/** What the worker at hand would say to a way of recording; null where its page is not read, or it is not asked. */
export function workerAnswer(way: WayId, { worker }: Pick<PlanInput, 'worker'>): Omit<Acceptance, 'kind'> | null {
  return worker === null || way === 'room-sound' ? null : acceptanceOf(cpuKindOf[way], worker);
}

/** What egress shares out now: all cores while it is idle, else 80 % less what is busy. Null where it is not known. */
function freeCores({ worker, cores }: WorkerFigures): number | null {
  if (cores === null) return null;
  if (worker.isIdle) return cores;
  return worker.cpuLoad === null ? null : cores * cpuShare - cores * worker.cpuLoad;
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;
const round = (value: number): number => Math.round(value * 10) / 10;
