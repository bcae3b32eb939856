import { createStore } from 'zustand/vanilla';
import type { Problem } from '../../../../shared/model/common.ts';
import type { Job } from '../../../../shared/model/job.ts';

export type JobsDialog =
  /** `again`: with the form of a job that has ended; `isStream`: for a stream. */
  | { readonly name: 'start'; readonly again?: Job; readonly isStream?: true }
  | { readonly name: 'why'; readonly jobId: string }
  | { readonly name: 'stop-one'; readonly jobId: string }
  | { readonly name: 'stop-all' }
  | { readonly name: 'history' };

export interface JobsView {
  readonly dialog: JobsDialog | null;
  /** A start that is on its way to the core: the moment of its press. */
  readonly startingAtMs: number | null;
  /** Why the last start or stop did not go through. */
  readonly problem: Problem | null;
  /** Stops that were held but not sent: of what, and when they are sent. */
  readonly pendingStop: { readonly jobIds: readonly string[]; readonly sendAtMs: number } | null;
}

/** What the jobs panel itself shows or waits for, beside the jobs. */
export const jobsView = createStore<JobsView>(() => ({
  dialog: null,
  startingAtMs: null,
  problem: null,
  pendingStop: null,
}));

export const openJobsDialog = (dialog: JobsDialog): void => jobsView.setState({ dialog });
export const closeJobsDialog = (): void => jobsView.setState({ dialog: null });
