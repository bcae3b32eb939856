import { useState } from 'react';
import { useStore } from 'zustand';
import './storage.css';
import { checkStorage } from '../../../../shared/checks/check-storage.ts';
import type { StorageStep } from '../../../../shared/model/storage.ts';
import { serversStore } from '../../stores/servers.ts';
import { storagesStore } from '../../stores/storages.ts';
import { openDialog } from '../../stores/view.ts';
import { storageWords as text } from '../../text/storage-messages.ts';
import { testedWords } from '../../text/tested-messages.ts';
import { Check } from '../../ui/field.tsx';
import { forget } from '../../ui/forget.ts';
import { KeepChoices } from '../../ui/keep-choices.tsx';
import { WordRow } from '../../ui/word-row.tsx';
import { TestSteps } from '../tested/test-steps.tsx';
import { TestedDialog } from '../tested/tested-dialog.tsx';
import { draftOf, hasSecret, placeOf, type StorageDraft } from './storage-draft.ts';
import { StorageFields } from './storage-fields.tsx';
import { useStorageCalls } from './use-storage-calls.ts';

/** One storage profile; what is wrong stands at its field, and each step of the test answers in words. */
export function StorageDialog({ storageId }: { readonly storageId: string | null }) {
  const known = useStore(storagesStore, (state) => state.storages.find((each) => each.id === storageId) ?? null);
  const protection = useStore(serversStore, (state) => state.protection);
  const [draft, setDraft] = useState<StorageDraft>(() => draftOf(known));
  const tested = useStorageCalls(known?.id ?? null);
  const { state } = tested;
  const change = (part: Partial<StorageDraft>): void => {
    setDraft({ ...draft, ...part });
    if (part.name === undefined && part.keep === undefined && part.isBackup === undefined) tested.reset();
  };
  const back = (): void => {
    forget(() => setDraft((typed) => ({ ...typed, secrets: {} })));
    openDialog({ name: 'storages' });
  };
  const findings = checkStorage({ place: placeOf(draft), has: hasSecret(draft, known) });
  return (
    <TestedDialog
      title={known === null ? text.addTitle : text.editTitle(known.name)}
      draft={draft}
      tested={tested}
      onName={(name) => change({ name })}
      isNew={known === null}
      isFit={!findings.some(({ severity }) => severity === 'refuse')}
      saveLabel={saveLabel}
      removal={known === null ? null : { ...text, name: known.name }}
      onClose={back}
      below={
        state.step === 'tested' ? (
          <TestSteps steps={state.found} names={text.steps} />
        ) : (
          <p className="note">{text.testNote}</p>
        )
      }
    >
      <WordRow
        label={text.provider}
        words={text.providers}
        value={draft.provider}
        onPick={(provider) => change({ provider })}
      />
      <StorageFields draft={draft} known={known} findings={findings} change={change} />
      <span className="wide">
        <Check isOn={draft.isBackup} onChange={(isBackup) => change({ isBackup })}>
          {text.isBackup}
        </Check>
      </span>
      {draft.provider === 'server-local' ? null : (
        <KeepChoices value={draft.keep} protection={protection} onChange={(keep) => change({ keep })} />
      )}
    </TestedDialog>
  );
}

function saveLabel(steps: readonly StorageStep[]): string {
  const canWrite = steps.some(({ id, state }) => id === 'write' && state === 'passed');
  return canWrite ? testedWords.save : testedWords.saveUntested;
}
