import type { ReactNode } from 'react';
import { startWords as text } from '../../text/start-messages.ts';
import { Check, Field } from '../../ui/field.tsx';
import { Fold } from '../../ui/fold.tsx';
import { Pick } from '../../ui/pick.tsx';
import { Finds } from './finds.tsx';
import { keysOf } from '../../text/keys-of.ts';
import { OutputRow } from './output-row.tsx';
import type { FileOutput } from './outputs.ts';
import type { OutputRowProps } from './outputs-rows.tsx';
import { StoragePick } from './storage-pick.tsx';

const name = text.outputs.file;

interface FileRowProps extends OutputRowProps {
  readonly file: FileOutput;
  /** One track has none to pick: its container follows the codec. */
  readonly hasType: boolean;
  /** The name as it will be, and what is wrong with it. */
  readonly hint: ReactNode;
}

/** One file. */
export function FileRow({ change, findings, file, hasType, hint }: FileRowProps) {
  const set = (part: Partial<FileOutput>): void => change({ do: 'file', part });
  return (
    <OutputRow
      name={name}
      onRemove={() => change({ do: 'remove', output: 'file' })}
      first={
        <>
          {!hasType ? null : (
            <Pick
              label={text.fileType}
              className="field"
              value={file.fileType}
              items={keysOf(text.fileTypes).map((id) => ({ id, label: text.fileTypes[id] }))}
              onPick={(id) => {
                const fileType = keysOf(text.fileTypes).find((each) => each === id);
                if (fileType) set({ fileType });
              }}
            />
          )}
          <StoragePick output={name} value={file.storageId} onPick={(storageId) => set({ storageId })} />
        </>
      }
    >
      <Finds findings={findings} of={['outputs.file.fileType', 'outputs.file.storageId', 'storageId']} />
      <Field
        label={text.name}
        value={file.filePath}
        maxLength={512}
        spellCheck="false"
        onChange={(filePath) => set({ filePath })}
      />
      {hint}
      <Finds findings={findings} of={['outputs.file.filePath', 'filePath']} />
      <Fold title={text.outputMore(name)}>
        <span className="wide">
          <Check isOn={file.hasManifest} onChange={(hasManifest) => set({ hasManifest })}>
            {text.manifest}
          </Check>
        </span>
      </Fold>
    </OutputRow>
  );
}
