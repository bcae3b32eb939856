import { z } from 'zod';
import { FigureSource, UnixMs } from './common.ts';
import { EgressPage } from './capacity.ts';
import { SessionEnd, SessionLength } from './session-length.ts';
import { ShowCost } from './price.ts';

/** One limit with what is in use. `limit: null` means nobody knows it yet. */
export const Limit = z.object({
  id: z.enum(['egress', 'captions', 'desk', 'disk', 'cost']),
  label: z.string(),
  inUse: z.number().nullable(),
  limit: z.number().nullable(),
  unit: z.enum(['sessions', 'bytes', 'ms', 'money']),
  /** Of money only. */
  currency: z.string().optional(),
  source: FigureSource,
  /** When it was declared or learned. */
  atMs: UnixMs.nullable(),
  /** One short line: "declared by you", "learned 09:12 from a refusal". */
  note: z.string(),
  /** What being full means for the next start, where it is full. */
  full: z.string().nullable(),
});
export type Limit = z.infer<typeof Limit>;
export const Limits = z.object({
  serverId: z.string(),
  limits: z.array(Limit),
  /** Null until it was counted once. */
  cost: ShowCost.nullable(),
  /** Null where no page was declared. */
  page: EgressPage.nullable(),
  /** How long an egress may run here, and whether another takes over before. */
  lengths: z.array(SessionLength),
  handsOver: z.boolean(),
  /** When the running jobs meet that limit. */
  ends: z.array(SessionEnd),
});
export type Limits = z.infer<typeof Limits>;
