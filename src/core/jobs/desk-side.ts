import type { JobFile } from '../../shared/model/job.ts';
import type { DeskHole, DeskSide, JobState } from './job-state.ts';
import { waitsAtMostMs } from './retries.ts';

type Ending = 'released' | 'stopped' | 'failed';

/** Its files are being finished; null where nothing is recorded here. */
export function finishing({ desk }: JobState, why: Ending): DeskSide | null {
  if (desk.at !== 'opening' && desk.at !== 'recording') return null;
  const startedAtMs = desk.at === 'recording' ? desk.startedAtMs : null;
  return { at: 'finishing', take: desk.take, startedAtMs, ...lackOf(desk), why };
}

export function closed(desk: DeskSide, endedAtMs: number, why: Ending | 'killed'): DeskSide {
  const startedAtMs = 'startedAtMs' in desk ? desk.startedAtMs : null;
  const { lacksSinceMs } = lackOf(desk);
  return {
    at: 'closed',
    take: 'take' in desk ? desk.take : 1,
    startedAtMs,
    // What was to go on and never did ended where it was cut off.
    endedAtMs: startedAtMs === null ? (lacksSinceMs ?? endedAtMs) : endedAtMs,
    why,
  };
}

const lackOf = (desk: DeskSide): { readonly lacksSinceMs?: number } =>
  'lacksSinceMs' in desk && desk.lacksSinceMs !== undefined ? { lacksSinceMs: desk.lacksSinceMs } : {};

/**
 * What the kill of the console cut off goes on here: alone, as the bridge until egress reports media, or beside an egress that
 * the producer did not trust. Should egress have begun meanwhile, the first look lets go of it as ever.
 */
export const goesOnAfterKill = (state: JobState, endedAtMs: number, atMs: number): boolean =>
  (state.desk.at === 'opening' || state.desk.at === 'recording') &&
  state.stopAskedAtMs === null &&
  atMs - endedAtMs <= waitsAtMostMs;

/** What a part lacks from the end of the one before it; null where it is the first. */
export function holeBefore(desk: DeskSide, startedAtMs: number): DeskHole | null {
  const { lacksSinceMs } = lackOf(desk);
  if (lacksSinceMs === undefined || startedAtMs <= lacksSinceMs) return null;
  return { fromMs: lacksSinceMs, toMs: startedAtMs, cause: 'The console was ended, and started again.' };
}

export const mergeFiles = (before: readonly JobFile[], now: readonly JobFile[]): JobFile[] => [
  ...before.filter((file) => !now.some((other) => other.id === file.id)),
  ...now,
];

/** With what the present part lacks so far; that of earlier parts stays. */
export function holesWith({ desk, deskHoles }: JobState, present: readonly DeskHole[] = []): DeskHole[] {
  const startedAtMs = 'startedAtMs' in desk ? desk.startedAtMs : null;
  if (startedAtMs === null) return deskHoles;
  return [...deskHoles.filter(({ toMs }) => toMs <= startedAtMs), ...present];
}
