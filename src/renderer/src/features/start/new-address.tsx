import { useState } from 'react';
import './start.css';
import { Group } from 'react-aria-components';
import { useStore } from 'zustand';
import type { Problem } from '../../../../shared/model/common.ts';
import { problemOf } from '../../../../shared/model/problem-error.ts';
import { useApi } from '../../api-context.ts';
import { serversStore } from '../../stores/servers.ts';
import { startWords } from '../../text/start-messages.ts';
import { words } from '../../text/messages.ts';
import { Btn } from '../../ui/button.tsx';
import { Check, Field } from '../../ui/field.tsx';
import { forget } from '../../ui/forget.ts';
import type { AddressUse } from './use-addresses.ts';

const text = startWords.newAddress;

export interface NewAddressProps {
  readonly use: AddressUse;
  /** With the id under which the address book has it now. */
  readonly onKept: (addressId: string) => void;
  readonly onCancel: () => void;
}

/** Types an address where it is needed; it goes into the address book, and only its twin comes back. */
export function NewAddress({ use, onKept, onCancel }: NewAddressProps) {
  const api = useApi();
  const protection = useStore(serversStore, (state) => state.protection);
  const [name, setName] = useState('');
  const [url, setUrl] = useState('');
  const [isForThisRun, setForThisRun] = useState(protection === 'this-run');
  const [problem, setProblem] = useState<Problem | null>(null);
  const cancel = (): void => {
    forget(() => setUrl(''));
    onCancel();
  };
  const keep = async (): Promise<void> => {
    setProblem(null);
    try {
      const address = await api.run((core) =>
        core.saveAddress({ name, kind: use, url, followsLayout: false, keep: isForThisRun ? 'this-run' : 'stored' }),
      );
      forget(() => setUrl(''));
      onKept(address.id);
    } catch (error) {
      setProblem(problemOf(error));
    }
  };
  return (
    <Group className="new-address" aria-label={text.title}>
      <Field label={text.name} value={name} maxLength={80} isFirst onChange={setName} />
      <Field
        label={text.address}
        value={url}
        maxLength={2_048}
        spellCheck="false"
        autoComplete="off"
        placeholder={text.forms[use]}
        onChange={setUrl}
      />
      <span className="wide row">
        <Check isOn={isForThisRun} onChange={setForThisRun}>
          {text.thisRun}
        </Check>
        <span className="push" />
        <Btn onPress={cancel}>{words.common.cancel}</Btn>
        <Btn isDisabled={name.trim() === '' || url.trim() === ''} onPress={() => void keep()}>
          {text.keep}
        </Btn>
      </span>
      <span className="wide" role="alert">
        {problem === null ? null : (
          <span className="find is-bad">
            {problem.text} {problem.advice}
          </span>
        )}
      </span>
    </Group>
  );
}
