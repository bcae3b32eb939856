import { useState } from 'react';
import { startWords as text } from '../../text/start-messages.ts';
import { PickRow } from '../../ui/pick-row.tsx';
import { NewAddress } from './new-address.tsx';
import { useAddresses, type AddressUse } from './use-addresses.ts';

// No entry of the address book has such ids.
const noneId = ' none';
const newId = ' new';

export interface AddressPickProps {
  readonly label: string;
  readonly use: AddressUse;
  readonly value: string | null;
  readonly placeholder?: string;
  /** Offered beside the addresses where one may do without. */
  readonly none?: string;
  readonly onPick: (id: string | null) => void;
}

/** One address out of the address book; what is secret in it stays there. */
export function AddressPick({ label, use, value, placeholder, none, onPick }: AddressPickProps) {
  const addresses = useAddresses(use);
  const [isTyping, setTyping] = useState(false);
  const isThere = value === null || addresses.some((each) => each.id === value);
  return (
    <>
      <PickRow
        label={label}
        value={value ?? (none === undefined ? null : noneId)}
        placeholder={addresses.length === 0 ? text.noAddresses : (placeholder ?? '')}
        items={[
          ...(none === undefined ? [] : [{ id: noneId, label: none }]),
          ...addresses,
          ...(isThere ? [] : [{ id: value, label: text.goneAddress }]),
          { id: newId, label: text.newAddress.entry, isApart: true },
        ]}
        onPick={(id) => (id === newId ? setTyping(true) : onPick(id === noneId ? null : id))}
      />
      {isTyping ? (
        <NewAddress
          use={use}
          onCancel={() => setTyping(false)}
          onKept={(id) => {
            onPick(id);
            setTyping(false);
          }}
        />
      ) : null}
    </>
  );
}
