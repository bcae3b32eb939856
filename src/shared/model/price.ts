import { z } from 'zod';
import { FigureSource } from './common.ts';

export const PriceId = z.enum(['egress-transcoded', 'egress-track', 'captions', 'storage']);
export type PriceId = z.infer<typeof PriceId>;

/** Three capital letters, as banks write it. */
export const Currency = z.string().regex(/^[A-Z]{3}$/);
export const Amount = z.number().min(0).max(1_000_000);

/** What one unit of something costs. `amount: null` means that nobody has declared it: none is invented. */
export const Price = z.object({
  id: PriceId,
  label: z.string(),
  /** "minute", "hour and channel", "GB and month". */
  per: z.string(),
  amount: Amount.nullable(),
  source: FigureSource,
  /** Who says so, and when. */
  from: z.string(),
  isYours: z.boolean(),
});
export type Price = z.infer<typeof Price>;
export const PriceList = z.object({ currency: Currency, prices: z.array(Price) });
export type PriceList = z.infer<typeof PriceList>;

/** What the show of today has cost at one server. Always an estimate: the bill is the provider's. */
export const ShowCost = z.object({
  currency: Currency,
  /** Of everything that has a price. */
  amount: z.number(),
  /** What an hour of what runs now adds. */
  perHour: z.number(),
  cap: Amount.nullable(),
  parts: z.array(
    z.object({
      id: PriceId,
      label: z.string(),
      /** "41 minutes", "3.2 channel hours". */
      quantity: z.string(),
      /** Null where it has no price: what it adds is not in the sum. */
      amount: z.number().nullable(),
    }),
  ),
});
export type ShowCost = z.infer<typeof ShowCost>;
