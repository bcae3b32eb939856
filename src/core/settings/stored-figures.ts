import { z } from 'zod';
import { Amount, Currency, PriceId } from '../../shared/model/price.ts';

const Declared = z.object({ amount: Amount, atMs: z.number() });
/** What was declared of one server. */
const ServerFigures = z.object({ costCap: Amount.nullable().default(null) });

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
