import { z } from 'zod';
import { CpuKind } from '../model/capacity.ts';
import { LimitedOutput } from '../model/session-length.ts';
import { Limits } from '../model/limit.ts';
import { call, stateFeed } from '../rpc/contract.ts';

export const limits = {
  limits: stateFeed(z.object({ serverId: z.string() }), Limits),
  /** `limit: null` takes a declaration back. */
  declareLimit: call(
    z.object({
      serverId: z.string(),
      id: z.enum(['egress', 'captions']),
      limit: z.number().int().min(0).max(10_000).nullable(),
    }),
    z.null(),
  ),
  /** Address of the Prometheus page of the server's egress worker, without a secret in it. `null`: none is read. */
  declareEgressPage: call(z.object({ serverId: z.string(), url: z.string().max(2048).nullable() }), z.null()),
  /** How many cores the worker's computer has; its page does not tell. */
  declareCores: call(z.object({ serverId: z.string(), cores: z.number().min(0.1).max(4096).nullable() }), z.null()),
  /** What the worker's settings hold free for a kind, where it is not the default of egress. */
  declareCpuCost: call(
    z.object({ serverId: z.string(), kind: CpuKind, cores: z.number().min(0).max(1024).nullable() }),
    z.null(),
  ),
  /** How long an egress may run at this server. `null` takes a declaration back. */
  declareLength: call(
    z.object({
      serverId: z.string(),
      output: LimitedOutput,
      limitMs: z
        .number()
        .int()
        .min(10_000)
        .max(30 * 86_400_000)
        .nullable(),
    }),
    z.null(),
  ),
  /** Whether another job takes over before one meets that limit. */
  setHandOver: call(z.object({ serverId: z.string(), isOn: z.boolean() }), z.null()),
};
