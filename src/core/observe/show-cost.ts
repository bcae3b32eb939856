import type { PriceId, PriceList, ShowCost } from '../../shared/model/price.ts';

/** One thing that costs while it runs, or that has cost. */
export interface CostItem {
  readonly price: Exclude<PriceId, 'storage'>;
  readonly startedAtMs: number;
  /** Null while it runs. */
  readonly endedAtMs: number | null;
  /** Channels of a caption session; 1 of everything else. */
  readonly count: number;
}
export interface CostInput {
  readonly items: readonly CostItem[];
  /** What today's files take in a storage that is not this computer's. */
  readonly storedBytes: number;
  readonly list: PriceList;
  readonly cap: number | null;
  readonly nowMs: number;
}

/** Milliseconds of one unit of each price. */
const unitMs = { 'egress-transcoded': 60_000, 'egress-track': 60_000, captions: 3_600_000 } as const;
const timed = ['egress-transcoded', 'egress-track', 'captions'] as const;

/** What the show has cost so far, part by part. Pure; what has no price is named and not summed. */
export function showCost({ items, storedBytes, list, cap, nowMs }: CostInput): ShowCost {
  const priceOf = (id: PriceId): number | null => list.prices.find((price) => price.id === id)?.amount ?? null;
  const labelOf = (id: PriceId): string => list.prices.find((price) => price.id === id)?.label ?? id;
  const parts: ShowCost['parts'] = [];
  let perHour = 0;
  for (const id of timed) {
    const own = items.filter((item) => item.price === id);
    if (own.length === 0) continue;
    const units = sum(
      own.map((item) => (Math.max(0, (item.endedAtMs ?? nowMs) - item.startedAtMs) * item.count) / unitMs[id]),
    );
    const price = priceOf(id);
    parts.push({
      id,
      label: labelOf(id),
      quantity: quantityOf(id, units),
      amount: price === null ? null : units * price,
    });
    const runs = sum(own.filter((item) => item.endedAtMs === null).map((item) => item.count));
    perHour += (price ?? 0) * runs * (3_600_000 / unitMs[id]);
  }
  if (storedBytes > 0) {
    const price = priceOf('storage');
    const gigabytes = storedBytes / 1e9;
    const amount = price === null ? null : gigabytes * price;
    parts.push({
      id: 'storage',
      label: labelOf('storage'),
      quantity: `${gigabytes.toFixed(2)} GB for a month`,
      amount,
    });
  }
  return { currency: list.currency, amount: sum(parts.map((part) => part.amount ?? 0)), perHour, cap, parts };
}

function quantityOf(id: (typeof timed)[number], units: number): string {
  if (id === 'captions') return `${units.toFixed(2)} channel hours`;
  return units < 9.95 ? `${units.toFixed(1)} minutes` : `${Math.round(units)} minutes`;
}

/** The share of the cap at which an alarm is due, once each: 80 %, then 100 %. */
const alarmShares = [1, 0.8] as const;

export function capAlarm({ amount, cap }: Pick<ShowCost, 'amount' | 'cap'>): (typeof alarmShares)[number] | null {
  if (cap === null) return null;
  return alarmShares.find((share) => amount > 0 && amount >= cap * share) ?? null;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
