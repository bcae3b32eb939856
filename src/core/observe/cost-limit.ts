import type { Limit } from '../../shared/model/limit.ts';
import type { ShowCost } from '../../shared/model/price.ts';
import { money } from '../../shared/text/figures.ts';
import { capAlarm } from './show-cost.ts';

/** The cost of the show as a limit among the others: the cap is what it counts up to. */
export function costLimit(cost: ShowCost): Limit {
  const { amount, perHour, cap, currency, parts } = cost;
  const unpriced = parts.filter((part) => part.amount === null);
  // A sum of which nothing has a price would read as "nothing was spent".
  const isKnown = parts.length === 0 || unpriced.length < parts.length;
  const notes = [
    isKnown ? 'estimated today' : 'no price is declared',
    ...(perHour > 0 ? [`${money(perHour, currency)} an hour now`] : []),
    ...(isKnown && unpriced.length > 0 ? [`without ${unpriced.map(({ quantity }) => quantity).join(' and ')}`] : []),
  ];
  const isOver = capAlarm(cost) === 1;
  return {
    id: 'cost',
    label: 'Cost',
    inUse: isKnown ? round(amount) : null,
    limit: cap,
    unit: 'money',
    currency,
    source: isKnown ? 'estimated' : 'unknown',
    atMs: null,
    note: notes.join(', '),
    full: isOver ? 'The cap is reached. Nothing is stopped by it.' : null,
  };
}

/** To a tenth of a cent: more would be told without being seen. */
const round = (amount: number): number => Math.round(amount * 1000) / 1000;
