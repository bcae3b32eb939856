import type { ShowCost } from '../../../../shared/model/price.ts';
import { money } from '../../../../shared/text/figures.ts';
import { limitsWords } from '../../text/limits-messages.ts';

/** The parts of today's cost; those without a price are named, not hidden. */
export function CostParts({ cost }: { readonly cost: ShowCost }) {
  return (
    <dl className="kv cost-parts" aria-label={limitsWords.parts}>
      {cost.parts.map((part) => (
        <div key={part.id}>
          <dt>{part.label}</dt>
          <dd>
            {part.quantity}{' '}
            <small>{part.amount === null ? limitsWords.noPrice : money(part.amount, cost.currency)}</small>
          </dd>
        </div>
      ))}
    </dl>
  );
}
