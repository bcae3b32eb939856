import { useState } from 'react';
import { useStore } from 'zustand';
import './addresses.css';
import type { Address } from '../../../../shared/model/address.ts';
import type { Problem } from '../../../../shared/model/common.ts';
import { problemOf } from '../../../../shared/model/problem-error.ts';
import { addressesStore } from '../../stores/addresses.ts';
import { addressesWords as text } from '../../text/addresses-messages.ts';
import { words } from '../../text/messages.ts';
import { Btn } from '../../ui/button.tsx';
import { DialogBox } from '../../ui/dialog.tsx';
import { forget } from '../../ui/forget.ts';
import { useCommands } from '../../commands/registry.ts';
import { AddressForm } from './address-form.tsx';
import { AddressList } from './address-list.tsx';
import { addressesView, closeAddressBook, openAddressBook, openAddressForm } from './addresses-view.ts';
import { useAddressCalls, type AddressDraft } from './use-address-calls.ts';

/** The address book, and the fields of one entry. */
export function AddressDialogs() {
  useCommands([{ id: 'addresses.open', label: text.command, group: words.commands.groups.show, run: openAddressBook }]);
  const view = useStore(addressesView, (state) => state.view);
  const addresses = useStore(addressesStore, (state) => state.addresses);
  switch (view.at) {
    case 'closed':
      return null;
    case 'list':
      return <ListDialog count={addresses.length} />;
    case 'form': {
      const known = addresses.find((address) => address.id === view.addressId) ?? null;
      return <FormDialog key={view.addressId ?? ''} known={known} />;
    }
  }
}

function ListDialog({ count }: { readonly count: number }) {
  return (
    <DialogBox
      title={text.title}
      mark={text.count(count)}
      size="wide"
      onClose={closeAddressBook}
      footer={
        <>
          <Btn isBig look="first" onPress={() => openAddressForm(null)}>
            {text.add}
          </Btn>
          <span className="push" />
          <Btn isBig onPress={closeAddressBook}>
            {words.common.close}
          </Btn>
        </>
      }
    >
      <AddressList />
    </DialogBox>
  );
}

function FormDialog({ known }: { readonly known: Address | null }) {
  const { save } = useAddressCalls();
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isSaving, setSaving] = useState(false);
  const [draft, setDraft] = useState<AddressDraft>({
    name: known?.name ?? '',
    kind: known?.kind ?? 'rtmp',
    url: '',
    followsLayout: known?.followsLayout ?? false,
    keep: known?.protection === 'this-run' && !known.isMissing ? 'this-run' : 'stored',
  });
  const back = (): void => {
    forget(() => setDraft((typed) => ({ ...typed, url: '' })));
    openAddressBook();
  };
  const hasAll = draft.name.trim() !== '' && (draft.url.trim() !== '' || (known !== null && !known.isMissing));
  const send = (): void => {
    if (!hasAll || isSaving) return;
    setProblem(null);
    setSaving(true);
    save(known?.id ?? null, draft)
      .then(back, (error: unknown) => setProblem(problemOf(error)))
      .finally(() => setSaving(false));
  };
  return (
    <DialogBox
      title={known === null ? text.form.newTitle : text.form.editTitle(known.name)}
      onClose={back}
      footer={
        <>
          <span className="push" />
          <Btn isBig onPress={back}>
            {text.back}
          </Btn>
          <Btn isBig look="first" isDisabled={!hasAll || isSaving} onPress={send}>
            {text.form.save}
          </Btn>
        </>
      }
    >
      <AddressForm
        known={known}
        draft={draft}
        onChange={(part) => {
          setDraft({ ...draft, ...part });
          setProblem(null);
        }}
        onSubmit={send}
      />
      <div role="alert">
        {problem === null ? null : (
          <p className="warn">
            {problem.text} {problem.advice}
          </p>
        )}
      </div>
    </DialogBox>
  );
}
