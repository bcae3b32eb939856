import { useState } from 'react';
import { Form } from 'react-aria-components';
import { useStore } from 'zustand';
import type { Address } from '../../../../shared/model/address.ts';
import { usesAddress } from '../../../../shared/model/address-use.ts';
import { jobsStore } from '../../stores/jobs.ts';
import { serversStore } from '../../stores/servers.ts';
import { addressesWords } from '../../text/addresses-messages.ts';
import { Check, Field } from '../../ui/field.tsx';
import { KeepChoices } from '../../ui/keep-choices.tsx';
import { WordRow } from '../../ui/word-row.tsx';
import type { AddressDraft } from './use-address-calls.ts';

const text = addressesWords.form;

export interface AddressFormProps {
  readonly known: Address | null;
  readonly draft: AddressDraft;
  readonly onChange: (part: Partial<AddressDraft>) => void;
  readonly onSubmit: () => void;
}

/** The fields of one entry. The address is typed once, and never comes back whole. */
export function AddressForm({ known, draft, onChange, onSubmit }: AddressFormProps) {
  const protection = useStore(serversStore, (state) => state.protection);
  const isUsed = useStore(
    jobsStore,
    (state) => known !== null && !known.isMissing && state.jobs.some((job) => usesAddress(job, known.id)),
  );
  const [isFirstName] = useState(known === null);
  return (
    <Form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      <Field
        label={text.name}
        value={draft.name}
        onChange={(name) => onChange({ name })}
        maxLength={80}
        isFirst={isFirstName}
      />
      {known === null ? (
        <WordRow
          label={text.kind}
          words={addressesWords.kinds}
          hints={text.kindHints}
          value={draft.kind}
          onPick={(kind) => onChange({ kind })}
        />
      ) : null}
      <Field
        label={text.address}
        value={draft.url}
        onChange={(url) => onChange({ url })}
        maxLength={2_048}
        isDisabled={isUsed}
        autoComplete="off"
        spellCheck="false"
        inputMode="url"
        placeholder={known === null || known.isMissing ? text.forms[draft.kind] : text.kept(known.url)}
      />
      {isUsed ? <span className="wide note">{text.inUse}</span> : null}
      {draft.kind === 'template' ? (
        <span className="wide">
          <Check isOn={draft.followsLayout} onChange={(followsLayout) => onChange({ followsLayout })}>
            {text.follows}
          </Check>
        </span>
      ) : null}
      <KeepChoices value={draft.keep} protection={protection} onChange={(keep) => onChange({ keep })} />
      <input type="submit" hidden value={text.save} />
    </Form>
  );
}
