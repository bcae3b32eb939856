import { z } from 'zod';
import { UnixMs } from './common.ts';

/** Anything that went wrong or was decided for the user. Kept in the journal; times in UTC. */
export const Incident = z.object({
  id: z.string(),
  atMs: UnixMs,
  kind: z.enum([
    'refused',
    'fallback',
    'gap',
    'server',
    'captions',
    'job',
    'watch',
    'desk',
    'file',
    'settings',
    'disk',
    'cost',
    'rehearsal',
  ]),
  /** `trouble` needs a hand or is being retried; `decided` was decided for the user; `closed` is over. */
  state: z.enum(['trouble', 'decided', 'closed']),
  serverId: z.string().nullable(),
  roomName: z.string().nullable(),
  jobId: z.string().nullable(),
  /** What and why. */
  what: z.string(),
  detail: z.string().nullable(),
  /** What was done. */
  done: z.string(),
  closedAtMs: UnixMs.nullable(),
});
export type Incident = z.infer<typeof Incident>;
