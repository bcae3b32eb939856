import { z } from 'zod';
import { FigureSource, UnixMs } from './common.ts';

/** What a server limits the length of; the shortest that applies ends the job. */
export const LimitedOutput = z.enum(['file', 'segments', 'stream']);
export type LimitedOutput = z.infer<typeof LimitedOutput>;

export const SessionLength = z.object({
  output: LimitedOutput,
  /** Null: no limit is known. */
  limitMs: z.number().nullable(),
  source: FigureSource,
  from: z.string(),
});
export type SessionLength = z.infer<typeof SessionLength>;

/** When a running job meets its limit, and what is done about it. */
export const SessionEnd = z.object({
  jobId: z.string(),
  endsAtMs: UnixMs,
  /** "3 h for a file, published for LiveKit Cloud". */
  because: z.string(),
  /** "Another takes over 90 s before." */
  plan: z.string(),
});
export type SessionEnd = z.infer<typeof SessionEnd>;
