/** Compares what was said with what was transcribed, word by word. */

export interface SaidWord {
  readonly identity: string;
  readonly word: string;
  readonly startMs: number;
}

export interface Accounting {
  readonly spoken: number;
  readonly transcribed: number;
  /** Said and not transcribed. */
  readonly missing: readonly SaidWord[];
  /** Transcribed once more than said, at the same time by the same person. */
  readonly doubled: readonly SaidWord[];
  /** Transcribed and never said around that time. */
  readonly wrong: readonly SaidWord[];
  /** Said, but the transcript gives it to somebody else. */
  readonly wrongSpeaker: readonly SaidWord[];
  /** Words of one person that come before an earlier one of theirs in the transcript. */
  readonly outOfOrder: number;
  /** Median and largest difference of time, transcribed minus spoken. */
  readonly offsetMs: { readonly median: number; readonly largest: number };
}

/** A word's own time: two equal words of one person lie farther apart than that (390 ms and more). */
const defaultToleranceMs = 350;

/**
 * `transcribed` is in the order of the transcript, on the clock of `spoken`. An empty identity in it means: the transcript
 * names nobody (a mono mix); such words are matched to whoever said them.
 */
export function account(
  spoken: readonly SaidWord[],
  transcribed: readonly SaidWord[],
  options: { readonly toleranceMs?: number } = {},
): Accounting {
  const toleranceMs = options.toleranceMs ?? defaultToleranceMs;
  const open = new Set(spoken.keys());
  const matched: { readonly said: number; readonly offsetMs: number }[] = [];
  const left: SaidWord[] = [];
  const nearest = (word: SaidWord, fits: (index: number, said: SaidWord) => boolean): number | null => {
    let best: { index: number; offMs: number } | null = null;
    spoken.forEach((said, index) => {
      const offMs = Math.abs(said.startMs - word.startMs);
      if (offMs > toleranceMs || plain(said.word) !== plain(word.word) || !fits(index, said)) return;
      if (!best || offMs < best.offMs) best = { index, offMs };
    });
    return (best as { index: number } | null)?.index ?? null;
  };
  const isSpeaker = (said: SaidWord, word: SaidWord): boolean =>
    word.identity === '' || said.identity === word.identity;

  const order: (number | null)[] = transcribed.map((word) => {
    const index = nearest(word, (candidate, said) => open.has(candidate) && isSpeaker(said, word));
    if (index === null) {
      left.push(word);
      return null;
    }
    open.delete(index);
    matched.push({ said: index, offsetMs: word.startMs - (spoken[index]?.startMs ?? 0) });
    return index;
  });

  const doubled: SaidWord[] = [];
  const wrong: SaidWord[] = [];
  const wrongSpeaker: SaidWord[] = [];
  for (const word of left) {
    const byOther = nearest(word, (index) => open.has(index));
    if (byOther !== null) {
      open.delete(byOther);
      wrongSpeaker.push(word);
    } else if (nearest(word, (_index, said) => isSpeaker(said, word)) !== null) doubled.push(word);
    else wrong.push(word);
  }
  const offsets = matched.map(({ offsetMs }) => offsetMs).sort((a, b) => a - b);
  return {
    spoken: spoken.length,
    transcribed: transcribed.length,
    missing: [...open].sort((a, b) => a - b).flatMap((index) => spoken[index] ?? []),
    doubled,
    wrong,
    wrongSpeaker,
    outOfOrder: disorder(order, spoken),
    offsetMs: {
      median: offsets[offsets.length >> 1] ?? 0,
      largest: offsets.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0),
    },
  };
}

function disorder(order: readonly (number | null)[], spoken: readonly SaidWord[]): number {
  const latest = new Map<string, number>();
  let count = 0;
  for (const index of order) {
    const said = index === null ? undefined : spoken[index];
    if (!said) continue;
    const before = latest.get(said.identity) ?? Number.NEGATIVE_INFINITY;
    if (said.startMs < before) count++;
    else latest.set(said.identity, said.startMs);
  }
  return count;
}

/** As compared: without case and the punctuation that a transcriber adds. */
function plain(word: string): string {
  return word
    .trim()
    .toLowerCase()
    .replaceAll(/[.,?!]/g, '');
}
