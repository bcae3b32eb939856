import type { Heard, HeardWord } from './heard.ts';

interface Kept {
  readonly startMs: number;
  readonly endMs: number;
  readonly word: string;
  readonly take: number;
}

/** Sound is sent again from at most two minutes before. */
const memoryMs = 180_000;
/** Two hearings of one word lie on each other at least by this share of the shorter one. */
const leastOverlap = 0.5;

/**
 * Keeps words single although their sound was sent twice: a word that another take of the sound has given already at the
 * same time of the same channel is taken out. Words of one take never lie on each other, so somebody who says a word twice
 * keeps both.
 */
export class HeardWords {
  readonly #channels = new Map<number, Kept[]>();
  readonly #finals = new Set<string>();

  /** What is new of it, or null where nothing is. A final is remembered; a partial is only looked at. */
  take(heard: Heard, session: number): Heard | null {
    const key = `${session} ${heard.channel} ${heard.id}`;
    if (this.#finals.has(key)) return null; // a final never changes, and no partial follows it
    const before = this.#channels.get(heard.channel) ?? [];
    // What is fetched after the end is the whole session from its start: what no memory reaches back to was told in its time.
    if (heard.endMs < newestOf(before) - memoryMs) return null;
    const added: Kept[] = [];
    const fresh: HeardWord[] = [];
    const words = heard.words.length > 0 ? heard.words : [wholeText(heard)];
    for (const word of words) {
      const kept: Kept = { startMs: word.startMs, endMs: word.endMs, word: plain(word.text), take: word.take };
      if (before.some((other) => isSame(other, kept)) || added.some((other) => isSame(other, kept))) continue;
      added.push(kept);
      fresh.push(word);
    }
    if (heard.isFinal) this.#remember(heard.channel, key, before, added);
    if (heard.text === '' && heard.words.length === 0) return null;
    if (fresh.length === words.length) return heard;
    const [first] = fresh;
    const last = fresh.at(-1);
    if (!first || !last) return null;
    const text = fresh.map((word) => word.text).join(' ');
    return { ...heard, words: fresh, text, startMs: first.startMs, endMs: Math.max(last.endMs, first.startMs) };
  }

  #remember(channel: number, key: string, before: readonly Kept[], added: readonly Kept[]): void {
    this.#finals.add(key);
    const newestMs = newestOf(added);
    this.#channels.set(channel, [...before.filter((kept) => kept.endMs >= newestMs - memoryMs), ...added]);
    if (this.#finals.size > 5_000) for (const oldest of [...this.#finals].slice(0, 1_000)) this.#finals.delete(oldest);
  }
}

const newestOf = (words: readonly Kept[]): number => words.reduce((ms, { endMs }) => Math.max(ms, endMs), 0);

const isSame = (a: Kept, b: Kept): boolean => {
  if (a.take === b.take || a.word !== b.word) return false;
  const shared = Math.min(a.endMs, b.endMs) - Math.max(a.startMs, b.startMs);
  return shared >= leastOverlap * Math.max(1, Math.min(a.endMs - a.startMs, b.endMs - b.startMs));
};

/** Two hearings may differ in capitals and punctuation. */
const plain = (text: string): string => text.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '') || text;

const wholeText = (heard: Heard): HeardWord => ({
  text: heard.text,
  startMs: heard.startMs,
  endMs: heard.endMs,
  confidence: heard.confidence,
  take: heard.take,
});
