import { useState } from 'react';
import { startWords as text } from '../../text/start-messages.ts';
import { Btn } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { MenuButton } from '../../ui/menu.tsx';
import { Pick } from '../../ui/pick.tsx';
import { Finds } from './finds.tsx';
import { keysOf } from '../../text/keys-of.ts';
import { NewAddress } from './new-address.tsx';
import { OutputRow } from './output-row.tsx';
import type { StreamOutput } from './outputs.ts';
import type { OutputRowProps } from './outputs-rows.tsx';
import { useAddresses } from './use-addresses.ts';

const newId = ' new'; // no address has such an id
const name = text.outputs.stream;

/** One stream to several addresses, all of the same protocol. */
export function StreamRow({ change, findings, stream }: OutputRowProps & { readonly stream: StreamOutput }) {
  const addresses = useAddresses(stream.protocol);
  const { destinationIds } = stream;
  const set = (part: Partial<StreamOutput>): void => change({ do: 'stream', part });
  const [isTyping, setTyping] = useState(false);
  const take = (id: string): void => set({ destinationIds: [...destinationIds, id] });
  const rest = addresses.filter((each) => !destinationIds.includes(each.id));
  return (
    <OutputRow
      name={name}
      onRemove={() => change({ do: 'remove', output: 'stream' })}
      first={
        <Pick
          label={text.protocol}
          className="field"
          value={stream.protocol}
          items={keysOf(text.protocols).map((id) => ({ id, label: text.protocols[id] }))}
          onPick={(id) => {
            const protocol = keysOf(text.protocols).find((each) => each === id);
            if (protocol) set({ protocol });
          }}
        />
      }
    >
      <Finds findings={findings} of={['outputs.stream']} />
      <ul className="wide rows" aria-label={text.addresses}>
        {destinationIds.length === 0 ? <li className="note">{text.addressesLater}</li> : null}
        {destinationIds.map((id) => {
          const address = addresses.find((each) => each.id === id);
          const label = address?.label ?? text.goneAddress;
          return (
            <li key={id} className="row">
              <span className="cut">
                {label} {address?.detail === undefined ? null : <span className="mark">{address.detail}</span>}
              </span>
              <Btn
                look="quiet"
                isIcon
                aria-label={text.removeAddress(label)}
                onPress={() => set({ destinationIds: destinationIds.filter((each) => each !== id) })}
              >
                <Icon name="cross" isSmall />
              </Btn>
            </li>
          );
        })}
        <li>
          <MenuButton
            label={text.addresses}
            trigger={
              <Btn>
                {text.addAddress}
                <Icon name="chev" isSmall />
              </Btn>
            }
            entries={[
              ...rest.map((each) => ({ ...each, onAction: () => take(each.id) })),
              { id: newId, label: text.newAddress.entry, onAction: () => setTyping(true) },
            ]}
          />
        </li>
      </ul>
      {isTyping ? (
        <NewAddress
          use={stream.protocol}
          onCancel={() => setTyping(false)}
          onKept={(id) => {
            take(id);
            setTyping(false);
          }}
        />
      ) : null}
    </OutputRow>
  );
}
