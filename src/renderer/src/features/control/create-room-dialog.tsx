import { useState } from 'react';
import { Form } from 'react-aria-components';
import type { CreatedRoom, NewRoom } from '../../../../shared/model/control.ts';
import { chooseRoom } from '../../stores/rooms.ts';
import { controlWords } from '../../text/control-messages.ts';
import { words } from '../../text/messages.ts';
import { Btn, LinkBtn } from '../../ui/button.tsx';
import { DialogBox } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { NumberField } from '../../ui/number-field.tsx';
import { TextBox } from '../../ui/text-box.tsx';
import { autoOf, noAuto, type AutoDraft } from './auto-egress-draft.ts';
import { AutoEgressFields } from './auto-egress-fields.tsx';
import { closeControl } from './control-view.ts';
import { IntoView } from './into-view.tsx';
import { isTooLong, nameBytes } from './lengths.ts';
import { ProblemLines } from './problem-lines.tsx';
import { useSend } from './use-send.ts';
import { Waited } from './waited.tsx';

const text = controlWords.create;

/** Numbers as the fields hold them: 0 leaves a value to the server. */
interface Draft {
  readonly name: string;
  readonly emptyTimeoutS: number;
  readonly departureTimeoutS: number;
  readonly maxPeople: number;
  readonly metadata: string;
  readonly auto: AutoDraft;
}

/** What was asked for came to be, or will; all else is said before the dialog closes. */
const goesWell: ReadonlySet<CreatedRoom['egress']> = new Set(['not-asked', 'started', 'later']);
const show = (roomName: string): void => {
  chooseRoom(roomName);
  closeControl();
};
const orNull = (value: number): number | null => (value === 0 ? null : value);
const isWhole = (value: number, max: number): boolean => Number.isInteger(value) && value >= 0 && value <= max;
const maxS = 604_800;
const maxPeople = 100_000;

/** Opens a room before anybody comes, with what can only be set at its making. */
export function CreateRoomDialog() {
  const [draft, setDraft] = useState<Draft>({
    name: '',
    emptyTimeoutS: 0,
    departureTimeoutS: 0,
    maxPeople: 0,
    metadata: '',
    auto: noAuto,
  });
  const [outcome, setOutcome] = useState<CreatedRoom | null>(null);
  const { sinceMs, problem, send } = useSend();
  const change = (part: Partial<Draft>): void => setDraft({ ...draft, ...part });
  const name = draft.name.trim();
  const isLong = isTooLong(name, nameBytes);
  const autoEgress = autoOf(draft.auto);
  const can =
    name !== '' &&
    !isLong &&
    isWhole(draft.emptyTimeoutS, maxS) &&
    isWhole(draft.departureTimeoutS, maxS) &&
    isWhole(draft.maxPeople, maxPeople);
  const create = (): void => {
    if (!can || !autoEgress) return;
    setOutcome(null);
    const room: NewRoom = {
      name,
      emptyTimeoutS: orNull(draft.emptyTimeoutS),
      departureTimeoutS: orNull(draft.departureTimeoutS),
      maxPeople: orNull(draft.maxPeople),
      metadata: draft.metadata,
      autoEgress,
    };
    void send(
      (core, serverId) => core.createRoom({ serverId, room }),
      (made) => {
        if (made.wasOpen || !goesWell.has(made.egress)) return setOutcome(made);
        show(made.name);
      },
    );
  };
  return (
    <DialogBox
      title={text.title}
      onClose={closeControl}
      footer={
        <>
          <span className="push" />
          <Btn isBig onPress={closeControl}>
            {words.common.cancel}
          </Btn>
          <Btn isBig look="first" isDisabled={!can || !autoEgress} onPress={create}>
            {sinceMs === null ? text.action : <Waited sinceMs={sinceMs} words={text.creating} />}
          </Btn>
        </>
      }
    >
      <Form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          create();
        }}
      >
        <Field
          label={text.name}
          value={draft.name}
          onChange={(value) => change({ name: value })}
          maxLength={256}
          isBad={isLong}
          isFirst
        />
        {isLong ? <p className="wide note">{text.badName}</p> : null}
        <NumberField
          label={text.empty}
          value={draft.emptyTimeoutS}
          min={1}
          max={maxS}
          unit={text.seconds}
          zero={text.serverDefault}
          onChange={(emptyTimeoutS) => change({ emptyTimeoutS })}
        />
        <NumberField
          label={text.left}
          value={draft.departureTimeoutS}
          min={1}
          max={maxS}
          unit={text.seconds}
          zero={text.serverDefault}
          onChange={(departureTimeoutS) => change({ departureTimeoutS })}
        />
        <p className="wide note">{text.hint}</p>
        <NumberField
          label={text.most}
          value={draft.maxPeople}
          min={1}
          max={maxPeople}
          unit={text.people}
          zero={text.noLimit}
          onChange={(next) => change({ maxPeople: next })}
        />
        <TextBox label={text.metadata} value={draft.metadata} onChange={(metadata) => change({ metadata })} />
        <AutoEgressFields roomName={name} draft={draft.auto} onChange={(auto) => change({ auto })} />
        <input type="submit" hidden value={text.action} />
      </Form>
      <ProblemLines problem={problem} />
      <output>
        {outcome === null ? null : (
          <IntoView key={outcome.name} className="blank trouble">
            {outcome.wasOpen ? text.wasOpen(outcome.name) : text.egress[outcome.egress](outcome.name)}{' '}
            <LinkBtn onPress={() => show(outcome.name)}>{text.show}</LinkBtn>
          </IntoView>
        )}
      </output>
    </DialogBox>
  );
}
