import { CostWatch, type CostWatchOptions } from './cost-watch.ts';
import { watchHandOvers } from './hand-over.ts';

/** Watches what shows cost and how long their sessions may last. */
export function watchBudget(parts: CostWatchOptions): { readonly close: () => Promise<void> } {
  const cost = new CostWatch(parts);
  const handOvers = watchHandOvers(parts);
  return {
    close: async () => {
      await handOvers.close();
      await cost.close();
    },
  };
}
