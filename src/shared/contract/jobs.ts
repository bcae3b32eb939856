import { z } from 'zod';
import { BatchPlan, BatchResult, BatchStart } from '../model/batch.ts';
import { AutoStop, Job, JobMode, JobPlan } from '../model/job.ts';
import { JobRequest } from '../model/job-request.ts';
import { UnixMs } from '../model/common.ts';
import { call, stateFeed } from '../rpc/contract.ts';

const Where = { serverId: z.string(), roomName: z.string().min(1).max(256) };

const Batch = z.object({ serverId: z.string(), starts: z.array(BatchStart).min(1).max(100) });

export const jobs = {
  /** Every job of the server that runs, and the ended ones of this day, newest first. */
  jobs: stateFeed(z.object({ serverId: z.string() }), z.object({ jobs: z.array(Job) })),
  planJob: call(z.object({ ...Where, mode: JobMode, request: JobRequest }), JobPlan),
  startJob: call(
    z.object({
      ...Where,
      mode: JobMode,
      request: JobRequest,
      title: z.string().max(120).optional(),
      /** What ends it by itself. */
      autoStop: AutoStop.nullable().optional(),
      /** Later than now: the job waits for this moment, and can be cancelled by `stopJob`. */
      startAtMs: UnixMs.nullable().optional(),
    }),
    Job,
  ),
  /** Who would do what if these were started together: by egress while sessions are free, the rest here. */
  planBatch: call(Batch, BatchPlan),
  /** Starts them so. One that cannot start does not hold up the others. */
  startBatch: call(Batch, BatchResult),
  /** Harmless when repeated, and when the job has ended meanwhile. */
  stopJob: call(z.object({ jobId: z.string() }), Job),
  /** Asks again now for a job that was refused and waits; harmless where it does not. */
  tryNow: call(z.object({ jobId: z.string() }), Job),
  /** A step upon a warning, beside stop: record here too, or give up an egress of which nothing runs any more. */
  recordHere: call(z.object({ jobId: z.string() }), Job),
  forgetJob: call(z.object({ jobId: z.string() }), Job),
  /** An address on the media plane of a file that lies here or in a storage of ours, for the player of the page. */
  fileAddress: call(
    z.object({ jobId: z.string(), fileId: z.string() }),
    z.object({ url: z.string(), mimeType: z.string() }),
  ),
  revealFile: call(z.object({ jobId: z.string(), fileId: z.string() }), z.null()),
};
