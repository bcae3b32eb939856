import { isRunning } from '../../shared/model/job.ts';
import type { JobControllerOptions } from './job-controller-options.ts';
import { replay } from './job-events.ts';
import type { JobState } from './job-state.ts';
import type { JobRow } from './ports.ts';

/** The job of a row that cannot be read, by its story; null where that cannot either: then the row is set aside, and told. */
export function recoverJob(
  row: JobRow,
  { store, events, onSetAside, log }: Pick<JobControllerOptions, 'store' | 'events' | 'onSetAside' | 'log'>,
): JobState | null {
  const job = replay(events.of(row.id));
  if (job && (row.isRunning || !isRunning(job))) return job;
  log.error('A job of the journal cannot be read, and was set aside', { jobId: row.id });
  store.setAside(row.id);
  onSetAside?.(row);
  return null;
}
