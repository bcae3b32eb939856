import type { Finding } from '../../../../shared/checks/finding.ts';
import { rulesWords } from '../../text/rules-messages.ts';
import { Choices } from '../../ui/field.tsx';
import { NumberField } from '../../ui/number-field.tsx';
import { EncodingFields } from '../start/encoding-fields.tsx';
import { keysOf } from '../../text/keys-of.ts';
import { OutputFields } from '../start/output-fields.tsx';
import { reduceOutputs } from '../start/outputs.ts';
import { reduceChoice, type StartChange } from '../start/start-choice.ts';
import { firstOutputs, type RuleForm } from './rule-draft.ts';

const text = rulesWords.form;

interface RuleOutputProps {
  readonly form: RuleForm;
  readonly findings: readonly Finding[];
  readonly onChange: (part: Partial<RuleForm>) => void;
}

/** Where the files of a rule go, how they are encoded, and what happens where no session is free. */
export function RuleOutput({ form, findings, onChange }: RuleOutputProps) {
  const { job } = form;
  const change = (what: StartChange): void =>
    onChange({
      job:
        what.do === 'add'
          ? { ...job, outputs: reduceOutputs(job.outputs, what, firstOutputs(form.takes)) }
          : reduceChoice(job, what),
    });
  const fields = { roomName: form.roomName ?? '{room_name}', choice: job, change, findings };
  return (
    <div className="start-fields">
      <section className="form" aria-label={text.where}>
        <OutputFields {...fields} takes={['file', 'segments']} />
      </section>
      <section className="form set-off" aria-label={text.how}>
        <EncodingFields {...fields} />
        <Choices
          label={text.full}
          value={form.whenFull}
          isStacked
          choices={keysOf(text.fullChoices).map((value) => ({ value, label: text.fullChoices[value] }))}
          onChange={(whenFull) => onChange({ whenFull })}
        />
        {form.whenFull === 'desk' ? <p className="wide note">{text.deskHint}</p> : null}
        <NumberField
          label={text.leave}
          value={form.leaveFree}
          min={0}
          max={100}
          unit={text.sessions}
          zero={text.none}
          onChange={(leaveFree) => onChange({ leaveFree })}
        />
      </section>
    </div>
  );
}
