import { z } from 'zod';
import { UnixMs } from './common.ts';

/** One destination of a running stream, as the page shows it. */
export const JobDestination = z.object({
  /** Within its job. */
  id: z.string(),
  /** Its entry of the address book; null where it was added elsewhere and no entry is like it. */
  addressId: z.string().nullable(),
  /** Without its secret. */
  url: z.string(),
  /**
   * `reconnecting`: egress tries by itself, for 30 s at the longest, and must be left alone. `waiting`: egress gave it up, or
   * has not been asked; Cuedesk adds it at `nextTryAtMs`. `failed`: given up, and nobody tries again.
   */
  state: z.enum([
    'starting',
    'adding',
    'connecting',
    'live',
    'reconnecting',
    'waiting',
    'dropping',
    'dropped',
    'finished',
    'failed',
  ]),
  /** When this state began. */
  sinceMs: UnixMs,
  nextTryAtMs: UnixMs.nullable(),
  /** How often Cuedesk has added it again since it was last steady. */
  tries: z.number().int(),
  /** What the last failure means; empty where there was none. */
  meaning: z.string(),
  /** The server's own words for it, redacted. */
  said: z.string(),
  /** The id of the destination that is dropped once this one is live. */
  replaces: z.string().nullable(),
  canRetry: z.boolean(),
  canDrop: z.boolean(),
});
export type JobDestination = z.infer<typeof JobDestination>;
