import { createStore } from 'zustand/vanilla';
import type { TranscriptEntry, Utterance } from '../../../shared/model/captions.ts';

export interface Transcript {
  readonly sessionId: string | null;
  /** In order of session time; the oldest go beyond `maxKept`. */
  readonly kept: readonly TranscriptEntry[];
  /** What is being said now, in order of session time. */
  readonly partials: readonly Utterance[];
  /** Rows that have come so far, the forgotten ones too: counts what is new since a moment. */
  readonly cameCount: number;
  /** The newest row that came by itself: what a screen reader has not heard. Null after a snapshot. */
  readonly lastCame: TranscriptEntry | null;
  /** How many of the oldest rows are no longer held here; exports have them. */
  readonly forgottenCount: number;
}

export type TranscriptItem =
  | { readonly type: 'snapshot'; readonly entries: readonly TranscriptEntry[] }
  | { readonly type: 'entry'; readonly entry: TranscriptEntry }
  | { readonly type: 'removed'; readonly id: string };

/** About five hours of brisk talk; the page holds no more, whatever the length of the show. */
const maxKept = 5_000;
const maxPartials = 64;

const empty: Transcript = { sessionId: null, kept: [], partials: [], cameCount: 0, lastCame: null, forgottenCount: 0 };

/** Lines of the session that the window shows. */
export const transcriptStore = createStore<Transcript>(() => empty);

export const clearTranscript = (sessionId: string | null): void => transcriptStore.setState({ ...empty, sessionId });

const isPartial = (entry: TranscriptEntry): entry is Utterance => entry.type === 'utterance' && !entry.isFinal;
const inOrder = (a: TranscriptEntry, b: TranscriptEntry): number => a.startMs - b.startMs || (a.id < b.id ? -1 : 1);

function placed<E extends TranscriptEntry>(list: readonly E[], entry: E): readonly E[] {
  // Nearly always the newest: look from the end.
  let at = list.length;
  for (let before = list[at - 1]; before !== undefined && inOrder(before, entry) > 0; before = list[at - 1]) at -= 1;
  return [...list.slice(0, at), entry, ...list.slice(at)];
}

function capped(state: Transcript, maxCount: number): Transcript {
  const over = state.kept.length - maxCount;
  if (over <= 0) return state;
  return { ...state, kept: state.kept.slice(over), forgottenCount: state.forgottenCount + over };
}

function withEntry(state: Transcript, entry: TranscriptEntry): Transcript {
  const partials = state.partials.filter((each) => each.id !== entry.id);
  if (isPartial(entry)) return { ...state, partials: placed(partials, entry).slice(-maxPartials) };
  const known = state.kept.findLastIndex((each) => each.id === entry.id);
  if (known !== -1) {
    const before = state.kept[known];
    const kept =
      before?.startMs === entry.startMs ? state.kept.with(known, entry) : placed(state.kept.toSpliced(known, 1), entry);
    return { ...state, partials, kept };
  }
  const oldest = state.kept[0];
  if (state.forgottenCount > 0 && oldest && inOrder(entry, oldest) < 0) return state; // older than what is held
  const kept = placed(state.kept, entry);
  return { ...state, partials, kept, cameCount: state.cameCount + 1, lastCame: entry };
}

/** The transcript after one item of the feed; pure. Holds at most `maxCount` rows. */
export function withItem(state: Transcript, item: TranscriptItem, maxCount = maxKept): Transcript {
  switch (item.type) {
    case 'snapshot': {
      const kept = item.entries.filter((entry) => !isPartial(entry)).toSorted(inOrder);
      const partials = item.entries.filter(isPartial).toSorted(inOrder).slice(-maxPartials);
      return capped({ ...empty, sessionId: state.sessionId, kept, partials, cameCount: kept.length }, maxCount);
    }
    case 'entry':
      return capped(withEntry(state, item.entry), maxCount);
    case 'removed':
      return {
        ...state,
        kept: state.kept.some((each) => each.id === item.id)
          ? state.kept.filter((each) => each.id !== item.id)
          : state.kept,
        partials: state.partials.filter((each) => each.id !== item.id),
      };
  }
}

export const takeTranscript = (item: TranscriptItem): void =>
  transcriptStore.setState((state) => withItem(state, item), true);
