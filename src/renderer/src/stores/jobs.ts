import { createStore } from 'zustand/vanilla';
import type { Job } from '../../../shared/model/job.ts';

/** Jobs of the chosen server: those that run, and the ended ones of this day, newest first. */
export const jobsStore = createStore<{ readonly jobs: readonly Job[] }>(() => ({ jobs: [] }));
