import { z } from 'zod';
import { Problem, UnixMs } from './common.ts';
import { AutoStop, Job, JobMode } from './job.ts';
import { JobRequest } from './job-request.ts';

/** One of several starts that are meant to happen together. */
export const BatchStart = z.object({
  roomName: z.string().min(1).max(256),
  mode: JobMode,
  request: JobRequest,
  title: z.string().max(120).optional(),
  autoStop: AutoStop.nullable().optional(),
  /** Later than now: it waits for this moment, and takes a session only then. */
  startAtMs: UnixMs.nullable().optional(),
});
export type BatchStart = z.infer<typeof BatchStart>;

/** Who would do what, decided before the first call to the server. */
export const BatchPlan = z.object({
  headline: z.string(),
  /** In the order of the starts. */
  parts: z.array(
    z.object({
      /**
       * `covered`: the sound of that room is kept here already by an earlier one. `later`: waits for its hour. `none`: would
       * be refused and may not run here.
       */
      engine: z.enum(['egress', 'desk', 'covered', 'later', 'none']),
      because: z.string(),
      loses: z.array(z.string()),
    }),
  ),
});
export type BatchPlan = z.infer<typeof BatchPlan>;

export const BatchResult = z.object({
  plan: BatchPlan,
  /** In the order of the starts; null where nothing was started. */
  jobs: z.array(z.object({ job: Job.nullable(), problem: Problem.nullable() })),
});
export type BatchResult = z.infer<typeof BatchResult>;
