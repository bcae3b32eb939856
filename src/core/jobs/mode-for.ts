import type { JobMode } from '../../shared/model/job.ts';
import { canKeepSoundHere, type JobRequest } from '../../shared/model/job-request.ts';

/** How an order is really done: where the sound of the room stands in for nothing, the best way is egress alone. */
export const modeFor = (mode: JobMode, request: JobRequest): JobMode =>
  mode === 'best' && !canKeepSoundHere(request) ? 'egress-only' : mode;
