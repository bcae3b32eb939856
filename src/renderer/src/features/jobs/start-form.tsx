import { useStore } from 'zustand';
import type { JobMode } from '../../../../shared/model/job.ts';
import { roomsStore } from '../../stores/rooms.ts';
import { jobsWords } from '../../text/jobs-messages.ts';
import { words } from '../../text/messages.ts';
import { Choices, Field } from '../../ui/field.tsx';
import { Pick } from '../../ui/pick.tsx';
import { useNow } from '../../ui/use-now.ts';
import { namePreview } from './name-preview.ts';

const text = jobsWords.start;

type Layout = keyof typeof words.program.layouts;
const layouts: readonly Layout[] = ['speaker', 'grid', 'single-speaker'];

export interface StartChoice {
  readonly what: 'program' | 'sound';
  readonly layout: Layout;
  readonly mode: JobMode;
  readonly filePath: string;
}

export interface StartFormProps {
  readonly roomName: string;
  readonly choice: StartChoice;
  readonly isNamed: boolean;
  readonly onChange: (choice: StartChoice) => void;
}

/** The fields of the start panel. */
export function StartForm({ roomName, choice, isNamed, onChange }: StartFormProps) {
  const isProgram = choice.what === 'program';
  return (
    <div className="form">
      <span className="l">{text.what}</span>
      <Pick
        label={text.what}
        className="field"
        value={choice.what}
        items={[
          { id: 'program', label: text.whats.program },
          { id: 'sound', label: text.whats.sound },
        ]}
        onPick={(id) => onChange({ ...choice, what: id === 'sound' ? 'sound' : 'program' })}
      />
      {isProgram ? (
        <>
          <span className="l">{text.layout}</span>
          <Pick
            label={text.layout}
            className="field"
            value={choice.layout}
            items={layouts.map((id) => ({ id, label: words.program.layouts[id] }))}
            onPick={(id) => {
              const layout = layouts.find((each) => each === id);
              if (layout) onChange({ ...choice, layout });
            }}
          />
          <Choices
            label={text.how}
            value={choice.mode}
            choices={[
              { value: 'best', label: text.hows.best },
              { value: 'egress-only', label: text.hows['egress-only'] },
              { value: 'desk-only', label: text.hows['desk-only'] },
            ]}
            onChange={(mode) => onChange({ ...choice, mode })}
          />
        </>
      ) : null}
      {isProgram && choice.mode !== 'desk-only' ? (
        <>
          <Field
            label={text.name}
            value={choice.filePath}
            isBad={!isNamed}
            maxLength={512}
            spellCheck="false"
            onChange={(filePath) => onChange({ ...choice, filePath })}
          />
          <NameHint template={choice.filePath} roomName={roomName} isNamed={isNamed} />
        </>
      ) : (
        <span className="wide note">{text.nameDesk}</span>
      )}
    </div>
  );
}

function NameHint(props: { readonly template: string; readonly roomName: string; readonly isNamed: boolean }) {
  const nowMs = useNow();
  const sid = useStore(
    roomsStore,
    (state) => state.list?.rooms.find((room) => room.name === props.roomName)?.sid ?? null,
  );
  return (
    <span className="wide note">
      {props.isNamed ? text.nameHint(namePreview(props.template.trim(), props.roomName, sid, nowMs)) : text.nameBad}
    </span>
  );
}
