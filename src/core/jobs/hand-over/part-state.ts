import { isRunning, type Job } from '../../../shared/model/job.ts';
import type { HandOverSight, PartState } from './hand-over.ts';

const ended: readonly string[] = ['complete', 'failed', 'aborted', 'limit-reached', 'refused'];

/** Its egress is over; the desk may go on. */
export const hasLeft = ({ egress }: Job): boolean => egress === null || ended.includes(egress.status);

export function oldState(old: Job): HandOverSight['old'] {
  if (!isRunning(old) || hasLeft(old)) return 'over';
  return old.phase === 'stopping' ? 'stopping' : 'runs';
}

/** By egress: one that was refused is over, though the desk may keep its sound. */
export function successorState(job: Job | null): PartState {
  if (job === null) return 'none';
  if (!isRunning(job) || hasLeft(job)) return 'over';
  return job.phase === 'recording' && job.egress?.startedAtMs != null ? 'runs' : 'starting';
}

export function bridgeState(job: Job | null): PartState {
  if (job === null) return 'none';
  if (!isRunning(job)) return 'over';
  return job.desk?.status === 'recording' ? 'runs' : 'starting';
}

/** Near its limit an end is the server's; before it, one that we have not asked for was asked for by a producer. */
const limitMayComeEarlyMs = 5_000;

export function isStoppedBySomebody(
  old: Job,
  record: { readonly hasStoppedOld: boolean; readonly endsAtMs: number },
  successor: Job | null,
  nowMs: number,
): boolean {
  const isBefore = nowMs < record.endsAtMs - limitMayComeEarlyMs;
  const wasAsked = old.phase === 'stopping' || (old.phase === 'done' && old.egress?.status === 'complete');
  if (!record.hasStoppedOld && isBefore && wasAsked) return true;
  // The producer wants no other part.
  return successor !== null && successor.refusal === null && successor.phase === 'done';
}
