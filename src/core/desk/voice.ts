import { sampleRateHz, type SoundLevel, type SoundSum, type SoundTools } from './ports.ts';
import type { TrackFile, WavTrack } from './wav-track.ts';

/** How much may wait to be added up: sources of one feed are less than this apart. */
export const voiceWindowSamples = 2 * sampleRateHz;

/** One file of a recording as it grows: what its sources bring is added up and written in order. */
export class Voice {
  /** Null: the mix. */
  readonly identity: string | null;
  readonly #tools: SoundTools;
  readonly #track: WavTrack;
  readonly #level: SoundLevel;
  #sum: SoundSum | null = null;

  constructor(options: { readonly identity: string | null; readonly tools: SoundTools; readonly track: WavTrack }) {
    this.identity = options.identity;
    this.#tools = options.tools;
    this.#track = options.track;
    this.#level = options.tools.level();
  }

  get isFailing(): boolean {
    return this.#track.isFailing;
  }
  get files(): TrackFile[] {
    return this.#track.files();
  }
  get hasSoundWaiting(): boolean {
    return this.#sum !== null && this.#sum.filledTo > this.#sum.base;
  }
  /** Of the last 50 ms; tenths of a decibel to full scale. */
  get level(): { readonly peakTenths: number; readonly rmsTenths: number } {
    const { peakTenths, rmsTenths } = this.#level;
    this.#level.read();
    return { peakTenths, rmsTenths };
  }

  /** Adds sound to what is written next. What lies before `horizon` was written already and is added to the file itself. */
  add(at: number, samples: Int16Array, horizon: number): void {
    const late = Math.min(samples.length, Math.max(0, horizon - at));
    if (late > 0) this.#track.addLate(at, samples.slice(0, late));
    if (late === samples.length) return;
    this.#sum ??= this.#tools.sum(voiceWindowSamples, horizon);
    this.#sum.add(at + late, late > 0 ? samples.subarray(late) : samples);
  }

  /** Writes the `count` samples from `horizon` on; the mix grows through silence, a person's file only with sound. */
  flush(horizon: number, count: number): void {
    const sum = this.#sum;
    if (!sum || sum.filledTo <= horizon) {
      sum?.skip(count);
      if (this.identity === null) this.#track.extend(horizon + count);
      return;
    }
    const samples = new Int16Array(count); // a new one: it belongs to the file until it is written
    sum.take(count, samples);
    this.#level.add(samples);
    if (samples.some((sample) => sample !== 0)) this.#track.write(horizon, samples);
    else this.#track.extend(horizon + count); // silence takes no room
  }

  /** Nobody speaks here for now: what memory it needs is given back. */
  rest(): void {
    if (!this.hasSoundWaiting) this.#sum = null;
  }

  close(end: number): Promise<void> {
    return this.#track.close(end);
  }
}
