import { jobFileOf } from './desk-runner.ts';
import type { JobEvent } from './job-event.ts';
import { deskIsOver, readJobState, type JobState } from './job-state.ts';
import type { DeskFile, JobRow } from './ports.ts';

/** A recording of this computer that was found unfinished at the start, repaired. */
export interface FoundRecording {
  readonly jobId: string;
  readonly files: readonly DeskFile[];
  readonly endedAtMs: number;
}

/**
 * What to do at the start with jobs that the journal says were running: the desk's part ended with the console, and is
 * given the files that were found; egress' part is left as it was, for the server's list to tell how it stands, and is asked
 * to stop again where the producer had asked for that.
 */
export function reconcile(
  rows: readonly JobRow[],
  found: readonly FoundRecording[],
  atMs: number,
  recover: (row: JobRow) => JobState | null,
): readonly { readonly job: JobState; readonly events: readonly JobEvent[] }[] {
  return rows.flatMap((row) => {
    const job = readJobState(row.state) ?? recover(row);
    if (!job) return [];
    // Whether a stop reached its server nobody knows any more.
    const stops = job.stopAskedAtMs === null ? [] : [{ type: 'stopAsked', atMs } as const];
    if (deskIsOver(job.desk)) return [{ job, events: stops }];
    const take = 'take' in job.desk ? job.desk.take : 1;
    const recording = found.find((one) => one.jobId === job.id);
    const files = (recording?.files ?? []).map((file) => jobFileOf(file, take, true));
    const endedAtMs =
      recording?.endedAtMs ??
      ('startedAtMs' in job.desk && job.desk.startedAtMs !== null ? job.desk.startedAtMs : job.requestedAtMs);
    return [{ job, events: [{ type: 'deskFound', atMs, endedAtMs, files }, ...stops] }];
  });
}
