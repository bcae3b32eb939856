import { startWords as text } from '../../text/start-messages.ts';
import { Check, Field } from '../../ui/field.tsx';
import { Fold } from '../../ui/fold.tsx';
import { Pick } from '../../ui/pick.tsx';
import { Finds } from './finds.tsx';
import { keysOf } from './keys-of.ts';
import { NameHint } from './name-hint.tsx';
import { OutputRow } from './output-row.tsx';
import type { FileOutput } from './start-choice.ts';
import type { StartFieldsProps } from './start-form.tsx';
import { StoragePick } from './storage-pick.tsx';

const name = text.outputs.file;

/** One file. Of one track, its container follows the codec. */
export function FileRow({
  roomName,
  choice,
  change,
  findings,
  file,
}: StartFieldsProps & { readonly file: FileOutput }) {
  const set = (part: Partial<FileOutput>): void => change({ do: 'file', part });
  return (
    <OutputRow
      name={name}
      onRemove={() => change({ do: 'remove', output: 'file' })}
      first={
        <>
          {choice.kind === 'track' ? null : (
            <Pick
              label={text.fileType}
              className="field brief"
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
      <NameHint file={file} roomName={roomName} choice={choice} />
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
