import type { Protection } from '../../../shared/model/server.ts';
import { words } from '../text/messages.ts';
import { Choices } from './field.tsx';

export type Keep = 'stored' | 'this-run';

const choice = (value: Keep, protection: Protection) => ({
  value,
  label: (
    <>
      {words.keep[value]} <span className="mark">{words.kept[protection]}</span>
    </>
  ),
});

/** For how long a secret is kept, and how well. */
export function KeepChoices(props: {
  readonly value: Keep;
  /** What this computer has for secrets. */
  readonly protection: Protection;
  readonly onChange: (keep: Keep) => void;
}) {
  return (
    <Choices
      label={words.keep.label}
      value={props.value}
      isStacked
      onChange={props.onChange}
      choices={[choice('stored', props.protection), choice('this-run', 'this-run')]}
    />
  );
}
