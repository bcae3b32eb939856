import type { Price, PriceId, PriceList } from '../../shared/model/price.ts';

/** What the producer has declared, as the settings keep it. */
export interface DeclaredPrices {
  readonly currency: string;
  readonly prices: Readonly<Partial<Record<PriceId, { readonly amount: number; readonly atMs: number }>>>;
}

interface Known {
  readonly label: string;
  readonly per: string;
  /** What a provider has published and we have read; null: nothing that could be relied on. */
  readonly published: { readonly amount: number; readonly currency: string; readonly from: string } | null;
  /** Said where there is no amount. */
  readonly hint: string;
}

/** Everything that costs by use. A number stands here only where one was found, with who says so and when. */
const known: Readonly<Record<PriceId, Known>> = {
  'egress-transcoded': {
    label: 'Egress that encodes',
    per: 'minute',
    published: null,
    hint: 'declare what your plan says; the free plan of LiveKit Cloud includes 60 minutes a month',
  },
  'egress-track': {
    label: 'Track egress',
    per: 'minute',
    published: null,
    hint: 'declare what your plan says; the free plan of LiveKit Cloud includes 60 minutes a month',
  },
  captions: {
    label: 'Captions by Gladia',
    per: 'hour and channel',
    published: {
      amount: 0.75,
      currency: 'USD',
      from: 'published by Gladia for Starter, 12 June 2026; Growth from 0.25',
    },
    hint: 'declare what your plan says',
  },
  storage: {
    label: 'Storage',
    per: 'GB and month',
    published: null,
    hint: 'declare what your storage costs',
  },
};
const order: readonly PriceId[] = ['egress-transcoded', 'egress-track', 'captions', 'storage'];

/** Every price: what was declared counts before what is published, and what neither is stays empty. */
export function priceList(declared: DeclaredPrices): PriceList {
  return { currency: declared.currency, prices: order.map((id) => priceOf(id, declared)) };
}

function priceOf(id: PriceId, { currency, prices }: DeclaredPrices): Price {
  const { label, per, published, hint } = known[id];
  const base = { id, label, per };
  const yours = prices[id];
  if (yours)
    return {
      ...base,
      amount: yours.amount,
      source: 'declared',
      from: `declared by you, ${day(yours.atMs)}`,
      isYours: true,
    };
  if (published && published.currency === currency)
    return { ...base, amount: published.amount, source: 'declared', from: published.from, isYours: false };
  const other = published ? `published only in ${published.currency}; ${hint}` : hint;
  return { ...base, amount: null, source: 'unknown', from: other, isYours: false };
}

/** "28 Nov 2026", in UTC. */
const day = (atMs: number): string =>
  new Date(atMs).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
