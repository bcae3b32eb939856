import { useEffect, useState } from 'react';
import type { Price, PriceList } from '../../../../shared/model/price.ts';
import { useApi } from '../../api-context.ts';
import { limitsWords } from '../../text/limits-messages.ts';
import { words } from '../../text/messages.ts';
import { Btn } from '../../ui/button.tsx';
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
      <table className="log mid limits-log">
        <thead>
          <tr>
            <th scope="col">{limitsWords.prices}</th>
            <th scope="col" className="num">
              {limitsWords.price}
            </th>
            <th scope="col">{words.limits.source}</th>
            <th scope="col">
              <span className="vh">{words.limits.change}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {list.prices.map((price) => (
            <tr key={price.id}>
              <td>
                {price.label} <span className="sub">{limitsWords.per(price.per)}</span>
              </td>
              <td className="num">
                <b>{price.amount === null ? limitsWords.unknown : `${list.currency} ${price.amount}`}</b>
              </td>
              <td>
                <span className="sub">{price.from}</span>
              </td>
              <td className="num">
                <Btn
                  aria-label={
                    price.amount === null ? limitsWords.declareAs(price.label) : limitsWords.changeAs(price.label)
                  }
                  onPress={() => setEditing(price.id)}
                >
                  {price.amount === null ? words.limits.declare : words.limits.change}
                </Btn>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
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
