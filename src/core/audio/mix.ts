import { SoftLimiter } from './limiter.ts';

/**
 * Adds any number of mono sources on one sample clock. It holds a stretch of `capacity` samples from `base` on; sources add
 * to it in any order, and its owner takes it out in order. Where nothing was added there are zeros.
 */
export class MixWindow {
  readonly capacity: number;
  readonly #sums: Float32Array;
  readonly #limiter = new SoftLimiter();
  #base: number;
  #filledTo: number;

  constructor(capacity: number, base = 0) {
    this.capacity = capacity;
    this.#sums = new Float32Array(capacity);
    this.#base = base;
    this.#filledTo = base;
  }

  /** The number of the next sample that will be taken. */
  get base(): number {
    return this.#base;
  }
  /** Behind the last sample that any source added. */
  get filledTo(): number {
    return this.#filledTo;
  }

  /**
   * Adds samples whose first has the number `at`. Those before `base` are too late and not added: their count is returned.
   * The owner takes enough out before, so that what is added ends within `base + capacity`.
   */
  add(at: number, samples: Int16Array): number {
    const late = Math.min(samples.length, Math.max(0, this.#base - at));
    if (late === samples.length) return late;
    const end = at + samples.length;
    if (end > this.#base + this.capacity) throw new RangeError('The sound lies beyond what the mix holds.');
    const sums = this.#sums;
    let slot = (at + late) % this.capacity;
    for (let index = late; index < samples.length; index++) {
      sums[slot] = (sums[slot] as number) + (samples[index] as number);
      if (++slot === this.capacity) slot = 0;
    }
    if (end > this.#filledTo) this.#filledTo = end;
    return late;
  }

  /** Writes the next `count` samples to `output` and moves on; false where all of them were beyond what was added. */
  take(count: number, output: Int16Array, outputAt = 0): boolean {
    const hasSound = this.#filledTo > this.#base;
    for (let done = 0; done < count;) {
      const slot = (this.#base + done) % this.capacity;
      const run = Math.min(count - done, this.capacity - slot);
      this.#limiter.process(this.#sums, slot, run, output, outputAt + done);
      this.#sums.fill(0, slot, slot + run);
      done += run;
    }
    this.#move(count);
    return hasSound;
  }

  /** As `take`, but what was there is not wanted. */
  skip(count: number): void {
    if (this.#filledTo > this.#base) {
      if (count >= this.capacity) this.#sums.fill(0);
      else
        for (let done = 0; done < count;) {
          const slot = (this.#base + done) % this.capacity;
          const run = Math.min(count - done, this.capacity - slot);
          this.#sums.fill(0, slot, slot + run);
          done += run;
        }
    }
    this.#move(count);
  }

  #move(count: number): void {
    this.#base += count;
    if (this.#filledTo < this.#base) this.#filledTo = this.#base;
  }
}
