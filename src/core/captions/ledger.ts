import type { Gap, TranscriptEntry, Utterance } from '../../shared/model/captions.ts';
import { BoundedQueue } from '../live/bounded-queue.ts';
import { Listeners } from '../live/listeners.ts';

export type TranscriptItem =
  | { readonly type: 'snapshot'; readonly entries: TranscriptEntry[] }
  | { readonly type: 'entry'; readonly entry: TranscriptEntry }
  | { readonly type: 'removed'; readonly id: string };

export interface LedgerStore {
  saveEntry(entry: TranscriptEntry): void;
}

/** Changes that wait for one slow reader; beyond this it gets a new snapshot in their place. */
const maxWaiting = 1_000;
/** Holes of one cause that are this near to each other are one gap. */
const joinMs = 300;
const delaySamples = 20;
/** Gaps of several people by one cause that begin this near to each other are one break of the feed. */
const sameBreakMs = 1_000;

/**
 * What was heard in one session, by id. A partial is replaced by its final; finals, gaps and markers go to the journal before
 * anybody sees them.
 */
export class Ledger {
  readonly #store: LedgerStore;
  readonly #onStoreError: (error: unknown) => void;
  readonly #entries = new Map<string, TranscriptEntry>();
  readonly #changed = new Listeners<TranscriptItem>();
  readonly #delaysMs: number[] = [];
  #seq = 0;
  #gaps = 0;
  #breaks = 0;
  #markers = 0;
  #lines = 0;

  constructor(store: LedgerStore, onStoreError: (error: unknown) => void) {
    this.#store = store;
    this.#onStoreError = onStoreError;
  }

  /** Finals so far. */
  get lineCount(): number {
    return this.#lines;
  }
  /** Breaks so far: one of the feed is a gap of each person. */
  get gapCount(): number {
    return this.#breaks;
  }
  /** Median of the last finals; null before the first. */
  get delayMs(): number | null {
    const sorted = this.#delaysMs.toSorted((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)] ?? null;
  }
  /** In order of session time, whatever the order of arrival. */
  entries(): TranscriptEntry[] {
    return [...this.#entries.values()].sort((a, b) => a.startMs - b.startMs || a.seq - b.seq);
  }

  putUtterance(utterance: Omit<Utterance, 'type' | 'seq'>): void {
    const before = this.#entries.get(utterance.id);
    if (before?.type === 'utterance' && before.isFinal) return; // a final never changes
    this.#put({ type: 'utterance', seq: ++this.#seq, ...utterance }, utterance.isFinal);
    if (!utterance.isFinal) return;
    this.#lines++;
    if (utterance.delayMs === null) return;
    this.#delaysMs.push(utterance.delayMs);
    if (this.#delaysMs.length > delaySamples) this.#delaysMs.shift();
  }

  /** A stretch of which nothing was heard; one that touches a known one of the same cause makes that longer, and one
   * that lies in another is not told a second time. Returns whether it is new. */
  putGap(gap: Pick<Gap, 'identity' | 'name' | 'startMs' | 'cause'> & { readonly endMs: number }): boolean {
    const gaps = [...this.#entries.values()].filter((entry): entry is Gap => entry.type === 'gap');
    const isToldAlready = gaps.some(
      (entry) =>
        (entry.identity === null || entry.identity === gap.identity) &&
        entry.cause !== gap.cause &&
        gap.startMs >= entry.startMs - joinMs &&
        gap.endMs <= (entry.endMs ?? Infinity) + joinMs,
    );
    if (isToldAlready) return false;
    const known = gaps.find(
      (entry) =>
        entry.identity === gap.identity &&
        entry.cause === gap.cause &&
        gap.startMs <= (entry.endMs ?? Infinity) + joinMs &&
        gap.endMs >= entry.startMs - joinMs,
    );
    const id = known?.id ?? `gap-${++this.#gaps}`;
    const startMs = Math.min(known?.startMs ?? Infinity, gap.startMs);
    const endMs = Math.max(known?.endMs ?? 0, gap.endMs);
    const whole: Gap = { type: 'gap', seq: ++this.#seq, ...gap, id, startMs, endMs };
    if (!known) this.#breaks = breaksOf([...gaps, whole]);
    this.#put(whole, true);
    return !known;
  }

  putMarker(startMs: number, name: string): void {
    const id = `marker-${++this.#markers}`;
    this.#put({ type: 'marker', id, seq: ++this.#seq, startMs, name: name || `Marker ${this.#markers}` }, true);
  }

  /** Takes a partial back. Finals stay. */
  withdraw(id: string): void {
    const entry = this.#entries.get(id);
    if (entry?.type !== 'utterance' || entry.isFinal) return;
    this.#entries.delete(id);
    this.#changed.emit({ type: 'removed', id });
  }

  /** What there is, then every change. A reader that cannot keep up gets what there is again. Ends on the signal. */
  async *read(signal: AbortSignal): AsyncGenerator<TranscriptItem> {
    const queue = new BoundedQueue<TranscriptItem>(maxWaiting);
    const off = this.#changed.on((item) => queue.push(item));
    try {
      yield { type: 'snapshot', entries: this.entries() };
      let dropped = 0;
      for await (const item of queue.read(signal)) {
        if (queue.dropped > dropped) {
          dropped = queue.dropped;
          yield { type: 'snapshot', entries: this.entries() };
        } else yield item;
      }
    } finally {
      off();
    }
  }

  #put(entry: TranscriptEntry, isKept: boolean): void {
    if (isKept) {
      try {
        this.#store.saveEntry(entry);
      } catch (error) {
        this.#onStoreError(error); // it is shown all the same: a full disk must not silence the captions
      }
    }
    this.#entries.set(entry.id, entry);
    this.#changed.emit({ type: 'entry', entry });
  }
}

/** How often the feed broke off: gaps of several people by one break count once, as the page shows them. */
export const breaksOf = (gaps: readonly Gap[]): number =>
  gaps.filter((gap, index) => !gaps.slice(0, index).some((before) => isSameBreak(before, gap))).length;

const isSameBreak = (a: Gap, b: Gap): boolean =>
  a.identity !== null &&
  b.identity !== null &&
  a.identity !== b.identity &&
  a.cause === b.cause &&
  Math.abs(a.startMs - b.startMs) < sameBreakMs;
