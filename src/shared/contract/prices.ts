import { z } from 'zod';
import { Amount, Currency, PriceId, PriceList } from '../model/price.ts';
import { call, stateFeed } from '../rpc/contract.ts';

export const prices = {
  prices: stateFeed(z.object({}), PriceList),
  /** `amount: null` takes a declaration back: what is published counts again, where something is. */
  declarePrice: call(z.object({ id: PriceId, amount: Amount.nullable() }), z.null()),
  /** Declared amounts keep their number; published ones count only in their own currency. */
  setCurrency: call(z.object({ currency: Currency }), z.null()),
  /** What the show of a day may cost at a server; an alarm at 80 % and at 100 %. It stops nothing. `null`: no cap. */
  declareCap: call(z.object({ serverId: z.string(), amount: Amount.nullable() }), z.null()),
};
