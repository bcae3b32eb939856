import { useState } from 'react';
import { Form } from 'react-aria-components';
import { useStore } from 'zustand';
import type { Rule } from '../../../../shared/model/rule.ts';
import { roomsStore } from '../../stores/rooms.ts';
import { chosenServer, serversStore } from '../../stores/servers.ts';
import { words } from '../../text/messages.ts';
import { rulesWords } from '../../text/rules-messages.ts';
import { Btn } from '../../ui/button.tsx';
import { DialogBox } from '../../ui/dialog.tsx';
import { Check, Field } from '../../ui/field.tsx';
import { PickRow } from '../../ui/pick-row.tsx';
import { WordRow } from '../../ui/word-row.tsx';
import { TextBox } from '../../ui/text-box.tsx';
import { ProblemLines } from '../control/problem-lines.tsx';
import { useSend } from '../control/use-send.ts';
import { Waited } from '../control/waited.tsx';
import { draftOf, findingsOf, formOf, withTakes, type RuleForm } from './rule-draft.ts';
import { RuleOutput } from './rule-output.tsx';
import { closeRules, editRule } from './rules-view.ts';

const text = rulesWords.form;
const allId = ' all'; // no room has such a name that a person could type

/** A rule to be made or changed: whom it takes at the left, where it goes at the right. */
export function RuleEditor({ known }: { readonly known: Rule | null }) {
  const chosenRoom = useStore(roomsStore, (state) => state.chosenName);
  const rooms = useStore(roomsStore, (state) => state.list?.rooms ?? []);
  const [form, setForm] = useState<RuleForm>(() => formOf(known, chosenRoom, ''));
  const { sinceMs, problem, send } = useSend();
  const change = (part: Partial<RuleForm>): void => setForm({ ...form, ...part });
  const serverKind = useStore(serversStore, (state) => chosenServer(state)?.kind);
  const draft = draftOf(form);
  const named = draftOf({ ...form, name: form.name.trim() || text.newTitle }); // what is wrong shows before it has a name
  const findings = findingsOf(named, serverKind ? { serverKind } : {});
  const save = (): void => {
    if (!draft) return;
    void send(
      (core, serverId) => core.saveRule({ serverId, draft, ...(known ? { ruleId: known.id } : {}) }),
      () => editRule(null),
    );
  };
  const names = new Set(rooms.map((room) => room.name));
  if (form.roomName !== null) names.add(form.roomName);
  return (
    <DialogBox
      title={known ? text.editTitle(known.name) : text.newTitle}
      size="wide"
      onClose={closeRules}
      footer={
        <>
          <Check isOn={form.isOn} onChange={(isOn) => change({ isOn })}>
            {text.isOn}
          </Check>
          <span className="note">{known ? text.retried : ''}</span>
          <span className="push" />
          <Btn isBig onPress={() => editRule(null)}>
            {words.common.cancel}
          </Btn>
          <Btn isBig look="first" isDisabled={!draft} onPress={save}>
            {sinceMs !== null ? <Waited sinceMs={sinceMs} words={text.saving} /> : form.isOn ? text.saveOn : text.save}
          </Btn>
        </>
      }
    >
      <Form
        className="rule-split"
        onSubmit={(event) => {
          event.preventDefault(); // Enter saves nothing: saving may start recordings
        }}
      >
        <div className="form">
          <Field label={text.name} value={form.name} maxLength={80} isFirst onChange={(name) => change({ name })} />
          <PickRow
            label={text.rooms}
            value={form.roomName ?? allId}
            items={[{ id: allId, label: text.allRooms }, ...Array.from(names, (id) => ({ id, label: id }))]}
            onPick={(id) => change({ roomName: id === allId ? null : id })}
          />
          <WordRow
            label={text.takes}
            words={text.takesChoices}
            value={form.takes}
            onPick={(takes) => setForm(withTakes(form, takes))}
          />
          <p className="wide note">{text.takesHints[form.takes]}</p>
          <TextBox label={text.exclude} value={form.exclude} onChange={(exclude) => change({ exclude })} />
          <p className="wide note">{text.excludeHint}</p>
          <TextBox label={text.include} value={form.include} rows={2} onChange={(include) => change({ include })} />
          <p className="wide note">{text.includeHint}</p>
          <span className="wide">
            <Check isOn={form.withAgents} onChange={(withAgents) => change({ withAgents })}>
              {text.agents}
            </Check>
          </span>
        </div>
        <RuleOutput form={form} findings={findings} onChange={change} />
      </Form>
      <ProblemLines problem={problem} />
    </DialogBox>
  );
}
