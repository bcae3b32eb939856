import { useStore } from 'zustand';
import './rules.css';
import { rulesStore } from '../../stores/rules.ts';
import { words } from '../../text/messages.ts';
import { rulesWords as text } from '../../text/rules-messages.ts';
import { Btn } from '../../ui/button.tsx';
import { DialogBox } from '../../ui/dialog.tsx';
import { RuleEditor } from './rule-editor.tsx';
import { RuleRow } from './rule-row.tsx';
import { closeRules, editRule, rulesView } from './rules-view.ts';

/** The rules of the chosen server: what each does now, whom it takes and leaves out, and why. */
export function RulesDialog() {
  const editing = useStore(rulesView, (state) => state.editing);
  const rules = useStore(rulesStore, (state) => state.rules);
  if (editing !== null)
    return <RuleEditor key={editing} known={rules.find(({ rule }) => rule.id === editing)?.rule ?? null} />;
  return (
    <DialogBox
      title={text.title}
      size="wide"
      onClose={closeRules}
      footer={
        <>
          <span className="push" />
          <Btn isBig onPress={closeRules}>
            {words.common.close}
          </Btn>
          <Btn isBig look="first" onPress={() => editRule('new')}>
            {text.add}
          </Btn>
        </>
      }
    >
      <p className="sub">{text.hint}</p>
      {rules.length === 0 ? (
        <>
          <p>
            <b>{text.none}</b>
          </p>
          <p className="sub">{text.noneHint}</p>
        </>
      ) : (
        <ul className="rule-list" aria-label={text.list}>
          {rules.map((view) => (
            <RuleRow key={view.rule.id} view={view} />
          ))}
        </ul>
      )}
    </DialogBox>
  );
}
