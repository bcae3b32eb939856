import type { HandOverMark } from '../../../shared/model/hand-over.ts';
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

/** Near its limit an end is the server's; before it, one that we have not asked for was asked for at the server. */
const limitMayComeEarlyMs = 5_000;

/** Somebody else than the hand-over has stopped one of its jobs, or it was ended with its room. */
export function isStoppedBySomebody(
  { old, successor, bridge }: { readonly old: Job; readonly successor: Job | null; readonly bridge: Job | null },
  mark: HandOverMark,
  nowMs: number,
): boolean {
  if (!mark.hasStoppedOld) {
    const isBefore = nowMs < mark.endsAtMs - limitMayComeEarlyMs;
    const isEnding = old.phase === 'stopping' || (old.phase === 'done' && old.egress?.status === 'complete');
    if (old.stopAskedAtMs !== null || (isBefore && isEnding)) return true;
  }
  if (successor?.phase === 'done' && successor.refusal === null) return true;
  return [successor, bridge].some((job) => job !== null && job.stopAskedAtMs !== null);
}
