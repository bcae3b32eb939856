import { Input, SearchField } from 'react-aria-components';
import type { RoomSort } from '../../stores/rooms.ts';
import { words } from '../../text/messages.ts';
import { Pick } from '../../ui/pick.tsx';
import { useFirstFocus } from '../../ui/use-first-focus.ts';

const sorts: readonly RoomSort[] = ['name', 'people', 'newest'];

/** Finds and sorts the rooms of the list. */
export function FindRow(props: {
  readonly query: string;
  readonly sort: RoomSort;
  readonly onQuery: (query: string) => void;
  readonly onSort: (sort: RoomSort) => void;
}) {
  const input = useFirstFocus<HTMLInputElement>();
  return (
    <div className="find-row">
      <SearchField aria-label={words.rooms.find} value={props.query} onChange={props.onQuery}>
        <Input ref={input} className="field" />
      </SearchField>
      <Pick
        label={words.rooms.sort}
        value={props.sort}
        items={sorts.map((id) => ({ id, label: words.rooms.sorts[id] }))}
        onPick={(id) => props.onSort(sorts.find((each) => each === id) ?? 'name')}
      />
    </div>
  );
}
