import type { TranscriptEntry } from '../../../../shared/model/captions.ts';

/** A pattern of the words as typed, in any case; null for nothing typed. Spaces match any run of white space. */
export function patternOf(query: string): RegExp | null {
  const trimmed = query.trim();
  if (trimmed === '') return null;
  const escaped = trimmed.replaceAll(/[.*+?^${}()|[\]\\/-]/g, String.raw`\$&`).replaceAll(/\s+/g, String.raw`\s+`);
  return new RegExp(escaped, 'gi');
}

/** The words of a row that find looks through. */
const searchable = (entry: TranscriptEntry): readonly string[] =>
  entry.type === 'utterance' ? [entry.name, entry.text] : entry.type === 'gap' ? [entry.cause] : [entry.name];

/** Indexes of the rows that match, in order. */
export function matchingRows(rows: readonly TranscriptEntry[], pattern: RegExp | null): readonly number[] {
  if (pattern === null) return [];
  return rows.flatMap((row, index) => (searchable(row).some((words) => words.search(pattern) !== -1) ? [index] : []));
}

/** A text cut at its matches: every second part is a match. */
export function cutAt(words: string, pattern: RegExp | null): readonly string[] {
  if (pattern === null) return [words];
  const parts: string[] = [];
  let from = 0;
  for (const match of words.matchAll(pattern)) {
    parts.push(words.slice(from, match.index), match[0]);
    from = match.index + match[0].length;
  }
  return [...parts, words.slice(from)];
}
