import type { Gap, TranscriptEntry } from '../../../../shared/model/captions.ts';
import { captionsWords } from '../../text/captions-messages.ts';

/** One break of the feed is told of each person: ends within a second are the same break. */
const sameMs = 1_000;

const isSameBreak = (a: Gap, b: Gap): boolean =>
  a.name !== null &&
  b.name !== null &&
  a.cause === b.cause &&
  Math.abs(a.startMs - b.startMs) < sameMs &&
  Math.abs((a.endMs ?? Infinity) - (b.endMs ?? Infinity)) < sameMs;

/** The rows of a transcript: gaps of several people by one break are one row, with their names. */
export function joinedGaps(kept: readonly TranscriptEntry[]): readonly TranscriptEntry[] {
  const rows: TranscriptEntry[] = [];
  let names: string[] = [];
  for (const entry of kept) {
    const last = rows.at(-1);
    if (entry.type === 'gap' && last?.type === 'gap' && isSameBreak(last, entry)) {
      names = [...names, entry.name ?? ''];
      rows[rows.length - 1] = { ...last, name: captionsWords.lines.people(names) };
      continue;
    }
    names = entry.type === 'gap' && entry.name !== null ? [entry.name] : [];
    rows.push(entry);
  }
  return rows;
}
