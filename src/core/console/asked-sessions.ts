import { isRunning } from '../../shared/model/job.ts';
import type { JobController } from '../jobs/job-controller.ts';

/** Starts that wait for the server's answer: none of them is listed yet, and each may take a session. */
export const askedSessions = (jobs: JobController, serverId: string): number =>
  jobs.jobs(serverId).value.jobs.filter((job) => isRunning(job) && job.egress?.status === 'requested').length;
