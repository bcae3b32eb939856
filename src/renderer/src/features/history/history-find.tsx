import { Input, SearchField } from 'react-aria-components';
import type { HistoryFilter } from '../../../../shared/contract/history.ts';
import { historyWords as text } from '../../text/history-messages.ts';
import { Pick } from '../../ui/pick.tsx';
import { useFirstFocus } from '../../ui/use-first-focus.ts';

type Period = keyof typeof text.periods;

/** What is looked for. */
export interface HistoryChoice {
  readonly text: string;
  readonly roomName: string | null;
  readonly kind: HistoryFilter['kind'];
  readonly state: HistoryFilter['state'];
  readonly period: Period;
}

export const firstChoice: HistoryChoice = { text: '', roomName: null, kind: null, state: null, period: 'all' };

const dayMs = 86_400_000;
const periodMs: Readonly<Record<Period, number | null>> = { day: dayMs, week: 7 * dayMs, month: 30 * dayMs, all: null };
export function fromMsOf(period: Period, nowMs: number): number | null {
  const ms = periodMs[period];
  return ms === null ? null : nowMs - ms;
}

const all = 'all';
const keysOf = <K extends string>(of: Readonly<Record<K, string>>): readonly K[] => Object.keys(of) as K[]; // of our own catalogue
const kinds = keysOf(text.kinds);
const states = keysOf(text.states);
const periods = keysOf(text.periods);

/** A room may be called `all`. */
const roomKey = (roomName: string): string => `room ${roomName}`;

/** One line: words, room, kind, state, period. */
export function HistoryFind({
  choice,
  rooms,
  onChange,
}: {
  readonly choice: HistoryChoice;
  /** Which had jobs. */
  readonly rooms: readonly string[];
  readonly onChange: (choice: HistoryChoice) => void;
}) {
  const input = useFirstFocus<HTMLInputElement>();
  return (
    <div className="history-find">
      <SearchField
        aria-label={text.find}
        value={choice.text}
        onChange={(words) => onChange({ ...choice, text: words })}
      >
        <Input ref={input} className="field" placeholder={text.find} maxLength={200} />
      </SearchField>
      <Pick
        label={text.room}
        value={choice.roomName === null ? all : roomKey(choice.roomName)}
        items={[{ id: all, label: text.allRooms }, ...rooms.map((room) => ({ id: roomKey(room), label: room }))]}
        onPick={(id) => onChange({ ...choice, roomName: rooms.find((each) => roomKey(each) === id) ?? null })}
      />
      <Pick
        label={text.kind}
        value={choice.kind ?? all}
        items={[{ id: all, label: text.allKinds }, ...kinds.map((id) => ({ id, label: text.kinds[id] }))]}
        onPick={(id) => onChange({ ...choice, kind: kinds.find((each) => each === id) ?? null })}
      />
      <Pick
        label={text.state}
        value={choice.state ?? all}
        items={[{ id: all, label: text.allStates }, ...states.map((id) => ({ id, label: text.states[id] }))]}
        onPick={(id) => onChange({ ...choice, state: states.find((each) => each === id) ?? null })}
      />
      <Pick
        label={text.period}
        value={choice.period}
        items={periods.map((id) => ({ id, label: text.periods[id] }))}
        onPick={(id) => onChange({ ...choice, period: periods.find((each) => each === id) ?? 'all' })}
      />
    </div>
  );
}
