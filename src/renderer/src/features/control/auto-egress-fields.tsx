import { useStore } from 'zustand';
import { chosenServer, serversStore } from '../../stores/servers.ts';
import { controlWords } from '../../text/control-messages.ts';
import { startWords } from '../../text/start-messages.ts';
import { Check } from '../../ui/field.tsx';
import { Fold } from '../../ui/fold.tsx';
import { EncodingFields } from '../start/encoding-fields.tsx';
import { OutputFields } from '../start/output-fields.tsx';
import { reduceOutputs } from '../start/outputs.ts';
import { orderOf } from '../start/request-of.ts';
import { reduceChoice, type StartChange, type StartChoice } from '../start/start-choice.ts';
import { KindFields } from '../start/what-fields.tsx';
import {
  autoParts,
  findingsOf,
  firstOutputsOf,
  firstPart,
  takenOf,
  type AutoDraft,
  type AutoPart,
} from './auto-egress-draft.ts';

const text = controlWords.auto;

interface AutoEgressFieldsProps {
  readonly roomName: string;
  readonly draft: AutoDraft;
  readonly onChange: (draft: AutoDraft) => void;
}

/** What LiveKit itself records of a new room, with the outputs of the start panel, and what it can not. */
export function AutoEgressFields({ roomName, draft, onChange }: AutoEgressFieldsProps) {
  const count = autoParts.filter((part) => draft[part] !== null).length;
  return (
    <div className="auto-egress">
      <Fold title={text.title} now={text.now(count)}>
        <div className="form">
          <p className="wide note">{text.limits}</p>
          {autoParts.map((part) => {
            const choice = draft[part];
            return (
              <section key={part} aria-label={text.parts[part]}>
                <Check
                  isOn={choice !== null}
                  onChange={(isOn) => onChange({ ...draft, [part]: isOn ? firstPart[part] : null })}
                >
                  {text.parts[part]}
                </Check>
                {choice === null ? null : (
                  <PartFields
                    part={part}
                    roomName={roomName}
                    choice={choice}
                    onChange={(next) => onChange({ ...draft, [part]: next })}
                  />
                )}
              </section>
            );
          })}
          {count === 0 ? null : <p className="wide note">{text.wait}</p>}
        </div>
      </Fold>
    </div>
  );
}

interface PartFieldsProps {
  readonly part: AutoPart;
  readonly roomName: string;
  readonly choice: StartChoice;
  readonly onChange: (choice: StartChoice) => void;
}

function PartFields({ part, roomName, choice, onChange }: PartFieldsProps) {
  const serverKind = useStore(serversStore, (state) => chosenServer(state)?.kind);
  const findings = findingsOf(choice, serverKind ? { serverKind } : {});
  const change = (what: StartChange): void =>
    onChange(
      what.do === 'add'
        ? { ...choice, outputs: reduceOutputs(choice.outputs, what, firstOutputsOf(part)) }
        : reduceChoice(choice, what),
    );
  const fields = { roomName: roomName === '' ? '{room_name}' : roomName, choice, change, findings };
  return (
    <div className="start-fields auto-part">
      <div className="form">
        {part === 'room' ? <KindFields {...fields} /> : <p className="wide note">{text.partLimits[part]}</p>}
        <OutputFields {...fields} takes={takenOf[part]} />
        <EncodingFields {...fields} />
        {orderOf(choice).missing.map((what) => (
          <p className="wide warn" key={what}>
            {startWords.missing[what]}
          </p>
        ))}
      </div>
    </div>
  );
}
