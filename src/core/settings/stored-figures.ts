import { z } from 'zod';
import { CpuKind } from '../../shared/model/capacity.ts';
import { LimitedOutput } from '../../shared/model/session-length.ts';
import { Amount, Currency, PriceId } from '../../shared/model/price.ts';

const Declared = z.object({ amount: Amount, atMs: z.number() });
/** What was declared of one server. */
const ServerFigures = z.object({
  costCap: Amount.nullable().default(null),
  /** Prometheus page of its egress worker; nothing secret is in it. */
  metricsUrl: z.string().max(2048).nullable().default(null),
  /** Cores of the worker's computer. */
  cores: z.number().nullable().default(null),
  /** Where `cpu_cost` of the worker differs from the defaults of egress. */
  cpuCosts: z.partialRecord(CpuKind, z.number()).default({}),
  /** How long an egress may run, by output. */
  lengthsMs: z.partialRecord(LimitedOutput, z.number()).default({}),
  /** Whether another job takes over before one meets that limit. */
  handsOver: z.boolean().default(true),
});

/** What the producer has declared of prices and limits: numbers that no server tells. */
export const StoredFigures = z.object({
  currency: Currency,
  prices: z.partialRecord(PriceId, Declared),
  servers: z.record(z.string().max(64), ServerFigures),
});
export type StoredFigures = z.infer<typeof StoredFigures>;
export type ServerFigures = z.infer<typeof ServerFigures>;

export const firstFigures: StoredFigures = { currency: 'USD', prices: {}, servers: {} };
export const noServerFigures: ServerFigures = ServerFigures.parse({});
