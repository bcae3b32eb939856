import { rulesWords } from '../../text/rules-messages.ts';
import { startWords } from '../../text/start-messages.ts';
import { Check, Choices, Field } from '../../ui/field.tsx';
import { NumberField } from '../../ui/number-field.tsx';
import { PickRow } from '../../ui/pick-row.tsx';
import { keysOf } from '../start/keys-of.ts';
import { StoragePick } from '../start/storage-pick.tsx';
import { nameClash, type RuleForm } from './rule-draft.ts';

const text = rulesWords.form;
const presets = keysOf(startWords.presets);

/** Where the files of a rule go, how they are encoded, and what happens where no session is free. */
export function RuleOutput(props: { readonly form: RuleForm; readonly onChange: (part: Partial<RuleForm>) => void }) {
  const { form, onChange } = props;
  const clash = nameClash(form);
  return (
    <div className="form">
      <Field
        label={text.file}
        value={form.filePath}
        maxLength={512}
        spellCheck="false"
        onChange={(filePath) => onChange({ filePath })}
      />
      <p className={clash === null ? 'wide note' : 'wide warn'}>
        {clash === null ? '' : clash === 'person' ? text.fileSame : text.fileSameTrack}
      </p>
      <span className="l">{text.storageLabel}</span>
      <StoragePick output={text.storage} value={form.storageId} onPick={(storageId) => onChange({ storageId })} />
      <span className="wide">
        <Check isOn={form.hasManifest} onChange={(hasManifest) => onChange({ hasManifest })}>
          {text.manifest}
        </Check>
      </span>
      {form.takes === 'participants' ? (
        <PickRow
          label={text.encoding}
          value={form.encoding.use === 'preset' ? form.encoding.preset : 'default'}
          items={[
            { id: 'default', label: text.encodingDefault },
            ...presets.map((id) => ({ id, label: startWords.presets[id] })),
          ]}
          onPick={(id) => {
            const preset = presets.find((each) => each === id);
            onChange({ encoding: preset ? { use: 'preset', preset } : { use: 'default' } });
          }}
        />
      ) : null}
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
    </div>
  );
}
