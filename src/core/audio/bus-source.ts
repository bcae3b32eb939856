import type { CaptionHole } from './caption-bus.ts';
import { samplesPerMs } from './sound-format.ts';
import { SourceTimeline, type Placement } from './timeline.ts';

/** Being late for so many of these in a row is no hiccup: the source comes later than it said. */
const bucketMs = 100;
const bucketsToShift = 3;
const shiftMarginSamples = 20 * samplesPerMs;
/** Holes that are nearer to each other are told as one: somebody who is a little late is so in every chunk. */
const joinSamples = 150 * samplesPerMs;
/** A hole that goes on is told at least this often. */
const longestHoleSamples = 5_000 * samplesPerMs;

interface BusSourceSetup {
  readonly identity: string;
  /** A clock that never jumps: at session time zero, and at sample 0 of the source. */
  readonly originMs: number;
  readonly startedAtMs: number;
  readonly lagMs: number;
  readonly onHole: (hole: CaptionHole) => void;
}

/** One track on its way into the bus: where its blocks belong, and what of it was missed. */
export class BusSource {
  readonly identity: string;
  /** When its last block came, by the clock of the bus; null before the first. */
  lastPushMs: number | null = null;
  readonly #setup: BusSourceSetup;
  readonly #timeline: SourceTimeline;
  readonly #placement: { -readonly [K in keyof Placement]: Placement[K] } = {
    at: 0,
    samples: new Int16Array(0),
    holeFrom: 0,
  };
  #shift = 0;
  #next = 0;
  #hole: { cause: CaptionHole['cause']; from: number; to: number } | null = null;
  /** The lateness of the buckets in a row that had any: of each the greatest, of these the least. */
  #bucket = 0;
  #bucketLate = 0;
  #lateBuckets = 0;
  #leastLate = Infinity;
  #wayLate = 0;
  #bucketWay = Infinity;

  constructor(setup: BusSourceSetup) {
    this.identity = setup.identity;
    this.#setup = setup;
    this.#timeline = new SourceTimeline(setup);
  }

  /** Behind the last sample that came. */
  get next(): number {
    return this.#next;
  }
  /** How much later than made its sound arrived last, where it was not held up. */
  get lateMs(): number {
    return this.#wayLate / samplesPerMs;
  }

  /** Where a block belongs in the session, of which everything before `base` has left. Read it before the next. */
  place(firstSample: number, samples: Int16Array, nowMs: number, base: number): Placement {
    const { at, samples: block, holeFrom } = this.#timeline.place(firstSample, samples, nowMs);
    if (holeFrom < at) this.#miss('missing', holeFrom + this.#shift, at + this.#shift);
    const bucket = Math.floor(nowMs / bucketMs);
    if (bucket !== this.#bucket) this.#endBucket(bucket);
    const placement = this.#placement;
    placement.at = at + this.#shift;
    placement.samples = block;
    const late = Math.max(0, base - placement.at);
    if (late > 0) this.#miss('late', placement.at, Math.min(base, placement.at + block.length));
    else if (this.#hole && placement.at > this.#hole.to + joinSamples) this.#tellHole();
    this.#bucketLate = Math.max(this.#bucketLate, late);
    this.#next = placement.at + block.length;
    this.#bucketWay = Math.min(this.#bucketWay, (nowMs - this.#setup.originMs) * samplesPerMs - this.#next);
    return placement;
  }

  close(): void {
    this.#tellHole();
  }

  /** Late in every bucket of a row: the source is put later by what it lacks, instead of losing a part of each chunk. */
  #endBucket(bucket: number): void {
    const isNext = bucket === this.#bucket + 1;
    if (this.#bucketLate > 0) {
      this.#lateBuckets = isNext || this.#lateBuckets === 0 ? this.#lateBuckets + 1 : 1;
      this.#leastLate = Math.min(this.#leastLate, this.#bucketLate);
    } else this.#lateBuckets = 0;
    if (this.#lateBuckets >= bucketsToShift) {
      this.#shift += this.#leastLate + shiftMarginSamples;
      this.#lateBuckets = 0;
    }
    if (this.#lateBuckets === 0) this.#leastLate = Infinity;
    if (this.#bucketWay < Infinity) this.#wayLate = this.#bucketWay;
    this.#bucketWay = Infinity;
    this.#bucketLate = 0;
    this.#bucket = bucket;
  }

  #miss(cause: CaptionHole['cause'], from: number, to: number): void {
    const hole = this.#hole;
    if (hole && hole.cause === cause && from <= hole.to + joinSamples) hole.to = Math.max(hole.to, to);
    else {
      this.#tellHole();
      this.#hole = { cause, from, to };
    }
    if (this.#hole && this.#hole.to - this.#hole.from >= longestHoleSamples) this.#tellHole();
  }

  #tellHole(): void {
    const hole = this.#hole;
    this.#hole = null;
    if (hole && hole.to > Math.max(0, hole.from))
      this.#setup.onHole({
        identity: this.identity,
        startMs: Math.max(0, hole.from) / samplesPerMs,
        endMs: hole.to / samplesPerMs,
        cause: hole.cause,
      });
  }
}
