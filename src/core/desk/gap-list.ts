/** Sound that is missing in a recording. Wall clock times. */
export interface RecordedGap {
  /** Null: in the whole recording. */
  readonly identity: string | null;
  readonly fromMs: number;
  readonly toMs: number;
  readonly cause: string;
}

/** Two holes of one person that are no further apart are one, told by two. */
const joinMs = 60;
/** After so many a recording is known to be full of holes. */
const maxGaps = 1_000;

/** The gaps of one recording: the same hole told by the feed and seen in its sound counts once. */
export class GapList {
  readonly #gaps: RecordedGap[] = [];
  #more = 0;

  get all(): readonly RecordedGap[] {
    return this.#gaps;
  }
  /** How many more there were than are kept. */
  get more(): number {
    return this.#more;
  }

  /** `isTold`: the feed said why, which is better than what we can see. Returns what is new or grew. */
  add(gap: RecordedGap, isTold: boolean): RecordedGap {
    for (let index = this.#gaps.length - 1; index >= 0; index--) {
      const other = this.#gaps[index] as RecordedGap;
      const isSame =
        other.identity === gap.identity && gap.fromMs <= other.toMs + joinMs && gap.toMs >= other.fromMs - joinMs;
      if (!isSame) continue;
      const joined = {
        identity: gap.identity,
        fromMs: Math.min(other.fromMs, gap.fromMs),
        toMs: Math.max(other.toMs, gap.toMs),
        cause: isTold ? gap.cause : other.cause,
      };
      this.#gaps[index] = joined;
      return joined;
    }
    if (this.#gaps.length < maxGaps) this.#gaps.push(gap);
    else this.#more++;
    return gap;
  }
}
