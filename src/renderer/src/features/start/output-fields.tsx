import { imageTemplates, segmentTemplates } from '../../../../shared/text/output-names.ts';
import { startWords as text } from '../../text/start-messages.ts';
import { AddressPick } from './address-pick.tsx';
import { NameHint, TakenHint } from './name-hint.tsx';
import { outputNames, type OutputName } from './outputs.ts';
import { OutputsRows } from './outputs-rows.tsx';
import { isToWebsocket } from './start-choice.ts';
import type { StartFieldsProps } from './start-form.tsx';

const ofTrack: readonly OutputName[] = ['file']; // one track goes to one file, and to nothing else beside it

interface OutputFieldsProps extends StartFieldsProps {
  /** What may be added, where that is less than what the kind makes. */
  readonly takes?: readonly OutputName[];
}

/** Where it goes: a WebSocket alone, or outputs. */
export function OutputFields({ choice, change, findings, roomName, takes = outputNames }: OutputFieldsProps) {
  const { kind, outputs } = choice;
  const about = { roomName, choice };
  if (isToWebsocket(choice))
    return (
      <>
        <AddressPick
          label={text.websocket}
          use="websocket"
          value={choice.websocketId}
          onPick={(websocketId) => change({ do: 'set', part: { websocketId } })}
        />
        <span className="wide note">{text.websocketHint}</span>
      </>
    );
  return (
    <OutputsRows
      outputs={outputs}
      takes={kind === 'track' ? ofTrack : takes}
      change={change}
      findings={findings}
      hints={{
        file: (file) => <NameHint {...about} file={file} />,
        segments: (set) => <TakenHint {...about} templates={segmentTemplates(set)} storageId={set.storageId} />,
        images: (set) => <TakenHint {...about} templates={imageTemplates(set)} storageId={set.storageId} />,
      }}
    />
  );
}
