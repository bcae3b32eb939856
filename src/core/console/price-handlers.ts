import type { ConsoleContract } from '../../shared/contract/index.ts';
import type { Handlers } from '../../shared/rpc/contract.ts';
import { priceList } from '../observe/price-list.ts';
import { needServer } from './need-server.ts';
import type { ConsoleParts } from './parts.ts';

type All = Handlers<ConsoleContract>;

/** What things cost, and what a show may cost. */
export function priceHandlers({
  figures,
  servers,
}: ConsoleParts): Pick<All, 'prices' | 'declarePrice' | 'setCurrency' | 'declareCap'> {
  return {
    prices: async function* (_params, signal) {
      for await (const value of figures.figures.read(signal)) yield priceList(value);
    },
    declarePrice: async ({ id, amount }) => (await figures.declarePrice(id, amount), null),
    setCurrency: async ({ currency }) => (await figures.setCurrency(currency), null),
    declareCap: async ({ serverId, amount }) => {
      needServer(servers, serverId);
      await figures.declareOf(serverId, () => ({ costCap: amount }));
      return null;
    },
  };
}
