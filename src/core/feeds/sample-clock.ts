const samplesPerMs = 48;
/** With it a clock that is wrong by 1 part in 1,000 stays 60 ms behind, well within the tolerance. */
const followMs = 60_000;

export interface SampleClockOptions {
  /** How far the count may fall behind the wall before sound counts as lost; a mute of egress moves it by 130 ms. */
  readonly toleranceMs?: number;
  /** How long it must stay behind: blocks that were only late come in a burst and make up for it within this time. */
  readonly settleMs?: number;
}

/**
 * Numbers the samples of a stream whose sender counts nothing itself. The count is the clock; only where it stays behind
 * the wall (the computer slept, the sender dropped) does it jump ahead by what is missing, and the jump is the gap.
 */
export class SampleClock {
  readonly #toleranceMs: number;
  readonly #settleMs: number;
  #next = 0;
  #origin: number | null = null;
  #behindSinceMs: number | null = null;
  #leastBehindMs = Infinity;

  constructor(options: SampleClockOptions = {}) {
    this.#toleranceMs = options.toleranceMs ?? 300;
    this.#settleMs = options.settleMs ?? 500;
  }

  /** The number that the next sample has if nothing is missing. */
  get next(): number {
    return this.#next;
  }

  /** The number of the first sample of a block of `count` that arrived at `nowMs` of a monotonic clock. */
  number(count: number, nowMs: number): number {
    this.#origin ??= nowMs - count / samplesPerMs;
    const behindMs = nowMs - this.#origin - (this.#next + count) / samplesPerMs;
    if (behindMs < 0) this.#origin += behindMs; // the first block was late itself: the earliest arrival is the truth
    if (behindMs <= this.#toleranceMs) {
      // Two clocks are never quite equally fast: the origin follows slowly, so that only what is sudden counts as lost.
      if (behindMs > 0) this.#origin += (behindMs * count) / samplesPerMs / followMs;
      this.#forget();
    } else {
      this.#behindSinceMs ??= nowMs;
      this.#leastBehindMs = Math.min(this.#leastBehindMs, behindMs);
      if (nowMs - this.#behindSinceMs >= this.#settleMs) {
        this.#next += Math.round(this.#leastBehindMs * samplesPerMs);
        this.#forget();
      }
    }
    const first = this.#next;
    this.#next += count;
    return first;
  }

  #forget(): void {
    this.#behindSinceMs = null;
    this.#leastBehindMs = Infinity;
  }
}
