import type { AutoStop, Job } from '../../../shared/model/job.ts';

/** When its media began, by the clock of here: that of a worker may be another. Null before. */
export function beganMs({ egress, requestedAtMs, phaseAtMs }: Job): number | null {
  const toldMs = egress?.startedAtMs ?? null;
  return toldMs === null ? null : Math.max(requestedAtMs, Math.min(toldMs, phaseAtMs));
}

/** When the producer's own order ends it, as far as a clock tells; null: by no clock. */
export function ownEndMs(job: Job): number | null {
  const { autoStop } = job;
  const fromMs = beganMs(job);
  const after = autoStop?.afterMs == null || fromMs === null ? null : fromMs + autoStop.afterMs;
  const ends = [after, autoStop?.atMs ?? null].filter((atMs) => atMs !== null);
  return ends.length === 0 ? null : Math.min(...ends);
}

/** The same order for the next part: what is left of "after so long" is counted on. */
export function carriedStop(job: Job, nowMs: number): AutoStop | null {
  const { autoStop } = job;
  if (autoStop?.afterMs == null) return autoStop;
  const passedMs = nowMs - (beganMs(job) ?? nowMs);
  return { ...autoStop, afterMs: Math.max(1_000, Math.round(autoStop.afterMs - passedMs)) };
}
