import { createStore } from 'zustand/vanilla';
import type { Job } from '../../../shared/model/job.ts';
import { sameKeeper } from './keep-same.ts';

/** Jobs of the chosen server: those that run, and the ended ones of this day, newest first. */
export const jobsStore = createStore<{ readonly jobs: readonly Job[] }>(() => ({ jobs: [] }));

const kept = sameKeeper<Job>((job) => job.id);

/** Takes a new list; a job that is as it was stays the same object, and its card is not drawn again. */
export const takeJobs = ({ jobs }: { readonly jobs: readonly Job[] }): void => jobsStore.setState({ jobs: kept(jobs) });
