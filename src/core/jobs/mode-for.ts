import type { JobMode } from '../../shared/model/job.ts';
import { canKeepSoundHere, type JobRequest } from '../../shared/model/job-request.ts';
import type { JobState } from './job-state.ts';

/** How an order is really done: where the sound of the room stands in for nothing, the best way is egress alone. */
export const modeFor = (mode: JobMode, request: JobRequest): JobMode =>
  mode === 'best' && !canKeepSoundHere(request) ? 'egress-only' : mode;

/** Who is to do a job, from how it was ordered. */
export function sidesOf({ mode, request }: Pick<JobState, 'mode' | 'request'>): {
  readonly usesEgress: boolean;
  readonly usesDesk: boolean;
} {
  const usesEgress = mode !== 'desk-only' && request.kind !== 'room-sound';
  return { usesEgress, usesDesk: !usesEgress || mode === 'best' };
}
