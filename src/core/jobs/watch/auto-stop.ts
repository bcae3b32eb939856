import { isRunning } from '../../../shared/model/job.ts';
import { clockUtc } from '../../../shared/text/utc.ts';
import { deskBeganAtMs } from '../job-state.ts';
import type { JobFacts } from './facts.ts';

/** The clock of a worker may be another: no job begins before it was asked for, nor long after it was seen to record. */
const clockSkewMs = 60_000;

const mediaStart = ({ job }: JobFacts): number | null => {
  const media = 'mediaStartedAtMs' in job.egress ? job.egress.mediaStartedAtMs : null;
  if (media === null) return deskBeganAtMs(job);
  return Math.max(job.requestedAtMs, Math.min(media, job.phaseAtMs + clockSkewMs));
};
const span = (ms: number): string =>
  ms < 120_000
    ? `${Math.round(ms / 1_000)} s`
    : ms < 7_200_000
      ? `${Math.round(ms / 60_000)} min`
      : `${Math.round(ms / 360_000) / 10} h`;

/** Why a job is to be stopped now, by the rules that it was started with; null: it goes on. What is not known stops nothing. */
export function autoStopDue(facts: JobFacts): string | null {
  const { job, room, emptySinceMs, atMs } = facts;
  const rules = job.autoStop;
  if (!rules || !isRunning(job) || job.phase === 'armed' || job.stopAskedAtMs !== null) return null;
  const began = mediaStart(facts);
  if (rules.afterMs !== null && began !== null && atMs - began >= rules.afterMs)
    return `It was to run for ${span(rules.afterMs)}.`;
  if (rules.atMs !== null && atMs >= rules.atMs) return `It was to run until ${clockUtc(rules.atMs)} UTC.`;
  if (rules.emptyForMs !== null && emptySinceMs !== null && atMs - emptySinceMs >= rules.emptyForMs)
    return `Nobody had been in the room for ${span(rules.emptyForMs)}.`;
  // Before it has begun to record nobody has spoken to it yet.
  const heardAtMs = room.heardAtMs === null || began === null ? null : Math.max(room.heardAtMs, began);
  if (rules.silentForMs !== null && heardAtMs !== null && atMs - heardAtMs >= rules.silentForMs)
    return `The room had been silent for ${span(rules.silentForMs)}.`;
  return null;
}
