import type { CSSProperties } from 'react';
import type { Limit } from '../../../../shared/model/limit.ts';
import { isFull } from './limit-words.ts';

const maxSteps = 12; // more would be thinner than the gaps between them

/** In use of the limit, for the eyes; the figure beside it speaks. Nothing where the limit is not known. */
export function Gauge({ limit }: { readonly limit: Limit }) {
  const full = isFull(limit) ? ' full' : '';
  const inUse = limit.inUse ?? 0;
  if (limit.limit === null || limit.inUse === null) return <span className="gauge is-unknown" aria-hidden="true" />;
  if (limit.unit === 'sessions' && limit.limit > 0 && limit.limit <= maxSteps) {
    const steps = Array.from({ length: limit.limit }, (_, step) => step);
    return (
      <span className={`gauge steps${full}`} aria-hidden="true">
        {steps.map((step) => (
          <i key={step} className={step < inUse ? '' : 'free'} />
        ))}
      </span>
    );
  }
  const share = limit.limit === 0 ? 100 : Math.min(100, (inUse / limit.limit) * 100);
  return (
    <span className={`gauge${full}`} style={{ '--v': share } as CSSProperties} aria-hidden="true">
      <i />
    </span>
  );
}
