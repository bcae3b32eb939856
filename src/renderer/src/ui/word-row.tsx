import { keysOf } from '../text/keys-of.ts';
import { PickRow } from './pick-row.tsx';

/** A few words of the catalogue as a list in two cells of a `.form` grid: who picks one gets its key. */
export function WordRow<Id extends string>(props: {
  readonly label: string;
  readonly words: Readonly<Record<Id, string>>;
  readonly hints?: Readonly<Record<Id, string>>;
  readonly value: Id;
  readonly onPick: (id: Id) => void;
}) {
  const { label, words, hints, value, onPick } = props;
  const ids = keysOf(words);
  return (
    <PickRow
      label={label}
      value={value}
      items={ids.map((id) => ({ id, label: words[id], ...(hints ? { detail: hints[id] } : {}) }))}
      onPick={(picked) => {
        const id = ids.find((each) => each === picked);
        if (id) onPick(id);
      }}
    />
  );
}
