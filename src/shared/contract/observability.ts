import { z } from 'zod';
import { Problem } from '../model/common.ts';
import { Protection } from '../model/server.ts';
import { call, stateFeed } from '../rpc/contract.ts';

/** `/metrics` for Prometheus and `/health` for monitors: off unless the producer wants them. */
export const Observability = z.object({
  isOn: z.boolean(),
  port: z.number().int().min(1).max(65_535),
  /** Other computers may ask too, with the token. */
  isOpen: z.boolean(),
  /** The last two characters of the token behind bullets; null where none is kept. */
  tokenHint: z.string().nullable(),
  protection: Protection.nullable(),
  /** Where it is served now: the address of `/metrics`; null where it is not. */
  url: z.string().nullable(),
  /** Why it is not served although it should be. */
  problem: Problem.nullable(),
});
export type Observability = z.infer<typeof Observability>;

export const observability = {
  observability: stateFeed(z.object({}), Observability),
  /** What is left out stays. Opening it to others without a token is refused. */
  changeObservability: call(
    z.object({
      isOn: z.boolean().optional(),
      port: Observability.shape.port.optional(),
      isOpen: z.boolean().optional(),
    }),
    z.null(),
  ),
  saveObservabilityToken: call(
    z.object({
      /** What a header of HTTP can carry; long enough not to be guessed. */
      token: z
        .string()
        .trim()
        .regex(/^[\w.~+/=-]{16,256}$/),
      keep: z.enum(['stored', 'this-run']),
    }),
    z.null(),
  ),
};
