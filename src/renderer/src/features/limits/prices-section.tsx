import { useEffect, useState } from 'react';
import type { Price, PriceList } from '../../../../shared/model/price.ts';
import { useApi } from '../../api-context.ts';
import { limitsWords } from '../../text/limits-messages.ts';
import { Btn } from '../../ui/button.tsx';
import { DeclaredTable } from './declared-table.tsx';
import { DeclareForm, readAmount } from './declare-form.tsx';

/** What things cost, each with who says so; every price can be declared. */
export function PricesSection() {
  const api = useApi();
  const list = usePrices();
  const [editing, setEditing] = useState<Price['id'] | 'currency' | null>(null);
  if (list === null) return null;
  const edited = list.prices.find((price) => price.id === editing);
  const done = (): void => setEditing(null);
  const declare = async (id: Price['id'], amount: number | null): Promise<void> => {
    await api.run((core) => core.declarePrice({ id, amount }));
  };
  return (
    <section aria-label={limitsWords.prices} className="declared">
      <h3 className="cap row">
        {limitsWords.prices}
        <span className="push" />
        <Btn look="quiet" aria-label={limitsWords.currencyNow(list.currency)} onPress={() => setEditing('currency')}>
          {list.currency}
        </Btn>
      </h3>
      <DeclaredTable
        head={{ what: limitsWords.prices, figure: limitsWords.price }}
        none={limitsWords.unknown}
        rows={list.prices.map(({ id, label, per, amount, from }) => ({
          id,
          label: (
            <>
              {label} <span className="sub">{limitsWords.per(per)}</span>
            </>
          ),
          figure: amount === null ? null : `${list.currency} ${amount}`,
          from,
          action: (amount === null ? limitsWords.declareAs : limitsWords.changeAs)(label),
        }))}
        onEdit={setEditing}
      />
      {edited ? (
        <DeclareForm
          key={edited.id}
          title={limitsWords.declareAs(edited.label)}
          field={limitsWords.amount(list.currency, edited.per)}
          initial={edited.amount === null ? '' : String(edited.amount)}
          read={readAmount}
          hint={limitsWords.priceHint}
          bad={limitsWords.badAmount}
          onSend={(amount) => declare(edited.id, amount)}
          onForget={edited.isYours ? () => declare(edited.id, null) : null}
          onDone={done}
        />
      ) : null}
      {editing === 'currency' ? (
        <DeclareForm
          title={limitsWords.setCurrency}
          field={limitsWords.currency}
          initial={list.currency}
          inputMode="text"
          read={(text) => (/^[A-Za-z]{3}$/.test(text) ? text.toUpperCase() : null)}
          hint={limitsWords.currencyHint}
          bad={limitsWords.badCurrency}
          action={limitsWords.save}
          onSend={async (currency) => {
            await api.run((core) => core.setCurrency({ currency }));
          }}
          onForget={null}
          onDone={done}
        />
      ) : null}
    </section>
  );
}

function usePrices(): PriceList | null {
  const api = useApi();
  const [list, setList] = useState<PriceList | null>(null);
  useEffect(
    () =>
      api.follow(
        (core, options) => core.prices({}, options),
        (item) => setList(item),
      ),
    [api],
  );
  return list;
}
