import type { AutoStop, Job } from '../../../shared/model/job.ts';

/** When the producer's own order ends it, as far as a clock tells; null: by no clock. */
export function ownEndMs({ autoStop, egress }: Job): number | null {
  const startedAtMs = egress?.startedAtMs ?? null;
  const after = autoStop?.afterMs == null || startedAtMs === null ? null : startedAtMs + autoStop.afterMs;
  const ends = [after, autoStop?.atMs ?? null].filter((atMs) => atMs !== null);
  return ends.length === 0 ? null : Math.min(...ends);
}

/** The same order for the next part: what is left of "after so long" is counted on. */
export function carriedStop({ autoStop, egress }: Job, nowMs: number): AutoStop | null {
  if (autoStop?.afterMs == null) return autoStop;
  const passedMs = nowMs - (egress?.startedAtMs ?? nowMs);
  return { ...autoStop, afterMs: Math.max(1_000, Math.round(autoStop.afterMs - passedMs)) };
}
