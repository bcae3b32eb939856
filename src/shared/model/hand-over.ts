import { z } from 'zod';
import { UnixMs } from './common.ts';

/** How far the hand-over of a job to its next part is; `core/jobs/hand-over` decides it. */
export const HandOverMark = z.object({
  at: z.enum(['waiting', 'overlapping', 'bridging', 'succeeding', 'over']),
  /** When its session ends, and how long it may last. */
  endsAtMs: UnixMs,
  limitMs: z.number(),
  /** The job that takes over, and the recording of this computer between the two. */
  successorId: z.string().nullable(),
  bridgeId: z.string().nullable(),
  /** The hand-over has stopped it: whoever else does so ends the show. */
  hasStoppedOld: z.boolean(),
  /** The next part could not even be asked for. */
  hasFailed: z.boolean(),
});
export type HandOverMark = z.infer<typeof HandOverMark>;

/** A job that began to take another one over. */
export const TakesOver = z.object({
  jobId: z.string(),
  as: z.enum(['part', 'bridge']),
  /** The hand-over is over: it stands alone. */
  isOver: z.boolean(),
});
export type TakesOver = z.infer<typeof TakesOver>;

interface InHandOver {
  readonly id: string;
  readonly handOver: HandOverMark | null;
  readonly takesOver: TakesOver | null;
}

/** The jobs that one hand-over has going at this moment, this one among them: a stop of any of them ends all. */
export function handOverGroup<J extends InHandOver>(job: J, all: readonly J[]): readonly J[] {
  const { takesOver } = job;
  const first = takesOver && !takesOver.isOver ? all.find(({ id }) => id === takesOver.jobId) : job;
  const mark = first?.handOver;
  if (!first || !mark || mark.at === 'waiting' || mark.at === 'over') return [job];
  return all.filter(({ id }) => id === first.id || id === mark.successorId || id === mark.bridgeId);
}
