import { z } from 'zod';
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
};
