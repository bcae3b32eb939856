import type { JobState } from '../../src/core/jobs/job-state.ts';
import { orderedJob, type JobOrder } from '../../src/core/jobs/new-job.ts';
import { programRequest } from '../../src/shared/model/job-request.ts';

/** A job as it is right after its start was pressed: the program of `town-hall`, at its best. */
export function askedJob(order: Partial<JobOrder> = {}, atMs = 1_000): JobState {
  const usual = {
    serverId: 's',
    roomName: 'town-hall',
    title: 'program.mp4',
    request: programRequest('{room_name}-{time}', 'grid'),
    mode: 'best',
  } as const;
  return { ...orderedJob({ ...usual, ...order }, atMs), id: 'job-1' };
}
