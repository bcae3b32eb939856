import { useState } from 'react';
import type { RuleView } from '../../../../shared/model/rule.ts';
import { rulesWords as text } from '../../text/rules-messages.ts';
import { Btn } from '../../ui/button.tsx';
import { Check } from '../../ui/field.tsx';
import { Fold } from '../../ui/fold.tsx';
import { useFirstFocus } from '../../ui/use-first-focus.ts';
import { ProblemLines } from '../control/problem-lines.tsx';
import { useSend } from '../control/use-send.ts';
import { RuleSubjects } from './rule-subjects.tsx';
import { editRule } from './rules-view.ts';

/** One rule: on or off, what it does now, and behind a fold whom it takes and leaves out. */
export function RuleRow({ view }: { readonly view: RuleView }) {
  const { rule } = view;
  const { problem, send } = useSend();
  const [isAsking, setAsking] = useState(false);
  const { id: ruleId, serverId, savedAtMs: _saved, ...draft } = rule;
  const turn = (isOn: boolean): void => {
    void send((core) => core.saveRule({ serverId, ruleId, draft: { ...draft, isOn } }));
  };
  return (
    <li>
      <div className="rule-head">
        <Check isOn={rule.isOn} onChange={turn}>
          <b>{rule.name}</b>
          <span className="vh">{text.on('')}</span>
        </Check>
        <span className="mark">{rule.roomName === null ? text.allRooms : text.inRoom(rule.roomName)}</span>
        <span className="mark">{text.form.takesChoices[rule.takes]}</span>
        <span className="push" />
        {isAsking ? null : (
          <>
            <Btn aria-label={text.editNamed(rule.name)} onPress={() => editRule(ruleId)}>
              {text.edit}
            </Btn>
            <Btn aria-label={text.removeNamed(rule.name)} onPress={() => setAsking(true)}>
              {text.remove}
            </Btn>
          </>
        )}
      </div>
      {isAsking ? (
        <AskRemove
          name={rule.name}
          onKeep={() => setAsking(false)}
          onRemove={() => void send((core) => core.removeRule({ ruleId }))}
        />
      ) : null}
      <p>{view.text}</p>
      <ProblemLines problem={problem} />
      {view.subjects.length === 0 ? null : (
        <Fold title={text.who(rule.name)} isOpen>
          <RuleSubjects subjects={view.subjects} label={text.who(rule.name)} />
          {view.hasMore ? <p className="note">{text.more}</p> : null}
        </Fold>
      )}
    </li>
  );
}

function AskRemove(props: { readonly name: string; readonly onKeep: () => void; readonly onRemove: () => void }) {
  const keep = useFirstFocus<HTMLButtonElement>(); // on what changes nothing
  return (
    <div className="row wrap">
      <span>{text.removeAsk(props.name)}</span>
      <Btn ref={keep} onPress={props.onKeep}>
        {text.removeNo}
      </Btn>
      <Btn look="trouble" onPress={props.onRemove}>
        {text.removeYes}
      </Btn>
    </div>
  );
}
