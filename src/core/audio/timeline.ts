import { samplesPerMs } from './sound-format.ts';
import { stretch } from './stretch.ts';

/** All times are milliseconds of one clock that never jumps. */
export interface SourceTimelineOptions {
  /** When sample 0 of the shared clock was. */
  readonly originMs: number;
  /** When sample 0 of the source was made. */
  readonly startedAtMs: number;
  /** How much later than made its sound usually arrives. */
  readonly lagMs: number;
}

/** Where a block belongs. One object is used again for each block: read it before the next. */
export interface Placement {
  /** The number of the first sample on the shared clock. */
  readonly at: number;
  /** What belongs there: the block itself, or a corrected copy that lives until the next block. May be empty. */
  readonly samples: Int16Array;
  /** Where the hole before it begins; equal to `at` if there is none. The hole counts as zeros. */
  readonly holeFrom: number;
}

/** Arrivals are looked at in stretches of this length: the earliest of them was delayed by nothing but its way. */
const stretchMs = 1_000;
/** A burst after a stall is one arrival, however much it brings: a wait counts as at most so many of its blocks. */
const waitBlocks = 3;
/** What is less is left alone. */
const deadBandSamples = 1 * samplesPerMs;
/** One sample for so many: 2,083 parts in a million, ten times what a bad crystal needs, and not heard. */
const samplesPerStep = 10 * samplesPerMs;
/** More than this is no drift: the source is put where it belongs at once. */
const jumpSamples = 400 * samplesPerMs;
/** A date that puts the first block further than this after its arrival is not believed. */
const leastToleranceMs = 150;
/** Nor one that makes it later than this: a busy computer may well be the reason of less, and what follows shows it. */
const leastLateToleranceMs = 1_000;
/** A way that is this much longer or shorter than usual is taken as it is; what is more is drift from before we listened. */
const leastWayToleranceMs = 30;
/** Ways that are long differ more: Track Egress takes 2.8 to 3.1 s. */
const toleranceOfLag = 0.2;
/** A count that runs ahead of the time of arrival by more is wrong. */
const aheadLimitSamples = 1_000 * samplesPerMs;
/** A count that goes back by more began anew. */
const backLimitSamples = 1_000 * samplesPerMs;
/** A block is at most one second, which gains at most one sample in each 10 ms. */
const maxBlockSamples = 48_000;

/**
 * Puts the blocks of one source, which counts its own samples, onto a shared sample clock: aligned by its date, holes told,
 * and its drift against our clock corrected by single samples. No I/O; copies only the few blocks that
 * it corrects.
 */
export class SourceTimeline {
  readonly #options: SourceTimelineOptions;
  readonly #scratch = new Int16Array(maxBlockSamples + 100);
  readonly #placement: { -readonly [K in keyof Placement]: Placement[K] } = {
    at: 0,
    samples: this.#scratch,
    holeFrom: 0,
  };
  /** Shared number = the source's own + offset + correction. */
  #offset = 0;
  #correction = 0;
  #budget = 0;
  #next: number | null = null;
  /** How late sound comes where it comes at once, uncorrected: now, and in the beginning. */
  #usualLate: number | null = null;
  #stretchLate = Infinity;
  #stretchPassedMs = 0;
  #arrivedMs = 0;
  #wantedCorrection = 0;

  constructor(options: SourceTimelineOptions) {
    this.#options = options;
  }

  /** Behind the last sample that was placed; null before the first. */
  get next(): number | null {
    return this.#next;
  }
  /** Samples that were added (or, negative, left out) so far. */
  get correctedSamples(): number {
    return this.#correction;
  }

  /** Places one block of at most 48,000 samples that arrived at `nowMs`. */
  place(firstSample: number, samples: Int16Array, nowMs: number): Placement {
    const count = samples.length;
    if (count > maxBlockSamples) throw new RangeError('A block of sound may last one second at most.');
    const arrived = (nowMs - this.#options.originMs) * samplesPerMs;
    if (this.#next === null) this.#anchor(firstSample + count, arrived);
    const planned = firstSample + this.#offset + this.#correction;
    const isWrong =
      planned + count > arrived + aheadLimitSamples || (this.#next !== null && planned < this.#next - backLimitSamples);
    if (isWrong) this.#anchorAt(firstSample + count, arrived);
    else this.#measure(arrived - (firstSample + count + this.#offset), (waitBlocks * count) / samplesPerMs, nowMs);
    return this.#put(firstSample, samples);
  }

  #put(firstSample: number, samples: Int16Array): Placement {
    const placement = this.#placement;
    let at = firstSample + this.#offset + this.#correction;
    let block = this.#corrected(samples);
    const next = this.#next ?? at;
    if (at < next) {
      block = block.subarray(Math.min(block.length, next - at)); // heard already
      at = next;
    }
    placement.at = at;
    placement.samples = block;
    placement.holeFrom = next;
    this.#next = at + block.length;
    return placement;
  }

  #corrected(samples: Int16Array): Int16Array {
    const missing = this.#wantedCorrection - this.#correction;
    if (Math.abs(missing) > jumpSamples) {
      this.#correction = this.#wantedCorrection; // from the next block on; the jump becomes a hole or an overlap there
      return samples;
    }
    this.#budget += samples.length;
    const allowed = Math.floor(this.#budget / samplesPerStep);
    this.#budget -= allowed * samplesPerStep;
    const steps = Math.sign(missing) * Math.min(Math.abs(missing), allowed, samples.length >> 3);
    if (steps === 0) return samples;
    this.#correction += steps;
    return this.#scratch.subarray(0, stretch(samples, steps, this.#scratch));
  }

  #anchor(endSample: number, arrived: number): void {
    const { originMs, startedAtMs, lagMs } = this.#options;
    this.#offset = Math.round((startedAtMs - originMs) * samplesPerMs);
    const offBy = (arrived - (endSample + this.#offset)) / samplesPerMs - lagMs;
    const least = offBy > 0 ? leastLateToleranceMs : leastToleranceMs;
    if (Math.abs(offBy) > Math.max(least, lagMs * toleranceOfLag)) this.#anchorAt(endSample, arrived);
  }

  /** Dates the source by this arrival alone. */
  #anchorAt(endSample: number, arrived: number): void {
    this.#offset = Math.round(arrived - this.#options.lagMs * samplesPerMs) - endSample;
    this.#correction = this.#wantedCorrection = this.#budget = 0;
    this.#usualLate = null;
    this.#stretchLate = Infinity;
    this.#stretchPassedMs = 0;
  }

  #measure(late: number, longestWaitMs: number, nowMs: number): void {
    if (late < this.#stretchLate) this.#stretchLate = late;
    this.#stretchPassedMs += Math.min(longestWaitMs, Math.max(0, nowMs - this.#arrivedMs));
    this.#arrivedMs = nowMs;
    if (this.#stretchPassedMs < stretchMs) return;
    const now = this.#stretchLate;
    this.#stretchLate = Infinity;
    this.#stretchPassedMs = 0;
    const { lagMs } = this.#options;
    const tolerance = Math.max(leastWayToleranceMs, lagMs * toleranceOfLag) * samplesPerMs;
    this.#usualLate ??= Math.abs(now - lagMs * samplesPerMs) > tolerance ? lagMs * samplesPerMs : now;
    const wanted = Math.round(now - this.#usualLate);
    if (Math.abs(wanted - this.#wantedCorrection) > deadBandSamples) this.#wantedCorrection = wanted;
  }
}
