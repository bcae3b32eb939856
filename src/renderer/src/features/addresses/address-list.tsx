import { useState } from 'react';
import { useStore } from 'zustand';
import type { Address } from '../../../../shared/model/address.ts';
import { usesAddress } from '../../../../shared/model/address-use.ts';
import type { Job } from '../../../../shared/model/job.ts';
import { addressesStore } from '../../stores/addresses.ts';
import { elsewhereStore } from '../../stores/elsewhere.ts';
import { jobsStore } from '../../stores/jobs.ts';
import { isSharingScreen, settingsStore } from '../../stores/settings.ts';
import { addressesWords as text } from '../../text/addresses-messages.ts';
import { words } from '../../text/messages.ts';
import { Btn } from '../../ui/button.tsx';
import { Private } from '../../ui/private.tsx';
import { AddressAsk } from './address-ask.tsx';
import { openAddressForm } from './addresses-view.ts';
import { useAddressNames } from './use-address-names.ts';

type Asked = { readonly addressId: string; readonly about: 'copy' | 'remove' } | null;

/** Every entry with its short form, how it is kept, and what uses it now. */
export function AddressList() {
  const addresses = useStore(addressesStore, (state) => state.addresses);
  const here = useStore(jobsStore, (state) => state.jobs);
  const elsewhere = useStore(elsewhereStore, (state) => state.byServer);
  const [asked, setAsked] = useState<Asked>(null);
  const jobs = [...here, ...Array.from(elsewhere.values(), (at) => at.jobs).flat()];
  if (addresses.length === 0)
    return (
      <div className="blank">
        <p>
          <b>{text.none}</b>
        </p>
        <p className="sub">{text.noneHint}</p>
      </div>
    );
  return (
    <table className="log addresses">
      <thead>
        <tr>
          <th scope="col">{text.table.name}</th>
          <th scope="col">{text.table.address}</th>
          <th scope="col">{text.table.usedBy}</th>
          <th scope="col">
            <span className="vh">{text.table.actions}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {addresses.map((address) => (
          <Row
            key={address.id}
            address={address}
            users={jobs.filter((job) => usesAddress(job, address.id))}
            asked={asked?.addressId === address.id ? asked.about : null}
            onAsk={(about) => setAsked(about === null ? null : { addressId: address.id, about })}
          />
        ))}
      </tbody>
    </table>
  );
}

interface RowProps {
  readonly address: Address;
  readonly users: readonly Job[];
  readonly asked: 'copy' | 'remove' | null;
  readonly onAsk: (about: 'copy' | 'remove' | null) => void;
}

function Row({ address, users, asked, onAsk }: RowProps) {
  const isHidden = useStore(settingsStore, isSharingScreen);
  const name = useAddressNames()(address);
  const isUsed = users.length > 0;
  return (
    <>
      <tr>
        <th scope="row">
          <bdi>{name}</bdi>
          <span className="sub">{text.kinds[address.kind]}</span>
        </th>
        <td className="address-cell">
          <Private>
            <bdi className="mono">{address.url}</bdi>
          </Private>
          <span className={address.isMissing ? 'warn' : 'sub'}>
            {address.isMissing ? text.missing : words.kept[address.protection]}
            {address.followsLayout ? `, ${text.follows}` : ''}
          </span>
          {isHidden
            ? null
            : address.warnings.map((warning) => (
                <span key={warning} className="sub">
                  {warning}
                </span>
              ))}
        </td>
        <td className="sub">{isUsed ? users.map((job) => <bdi key={job.id}>{job.title}</bdi>) : text.unused}</td>
        <td>
          <span className="row">
            <Btn aria-label={text.changeOf(name)} isDisabled={isHidden} onPress={() => openAddressForm(address.id)}>
              {text.change}
            </Btn>
            <Btn
              aria-label={text.copyOf(name)}
              isDisabled={isHidden || address.isMissing}
              onPress={() => onAsk('copy')}
            >
              {text.copy}
            </Btn>
            <Btn look="quiet" aria-label={text.removeOf(name)} isDisabled={isUsed} onPress={() => onAsk('remove')}>
              {text.remove}
            </Btn>
          </span>
        </td>
      </tr>
      {asked === null ? null : (
        <tr>
          <td colSpan={4}>
            <AddressAsk key={asked} addressId={address.id} name={name} about={asked} onDone={() => onAsk(null)} />
          </td>
        </tr>
      )}
    </>
  );
}
