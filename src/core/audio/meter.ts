import { energyOf, peakOf, silenceTenths, tenthsOf } from './levels.ts';
import { samplesPerMs } from './sound-format.ts';

const windowMs = 50;
const windowSamples = windowMs * samplesPerMs;

/**
 * Peak and RMS of one source in windows of 50 ms. Whoever reads it gets the loudest of the windows that ended since the
 * last reading, so that a short peak is seen even if readings and windows do not run in step.
 */
export class Meter {
  #count = 0;
  #peak = 0;
  #energy = 0;
  #shownPeak = 0;
  #shownRms = 0;
  #isRead = true;

  add(samples: Int16Array): void {
    for (let from = 0; from < samples.length;) {
      const to = Math.min(samples.length, from + windowSamples - this.#count);
      this.#peak = Math.max(this.#peak, peakOf(samples, from, to));
      this.#energy += energyOf(samples, from, to);
      this.#count += to - from;
      from = to;
      if (this.#count === windowSamples) this.#endWindow();
    }
  }

  /** Tenths of a decibel to full scale; -1000 is silence. */
  get peakTenths(): number {
    return tenthsOf(this.#shownPeak);
  }
  get rmsTenths(): number {
    return this.#shownRms === 0 ? silenceTenths : tenthsOf(this.#shownRms);
  }

  /** What is shown was read: the next window to end replaces it. */
  read(): void {
    this.#isRead = true;
  }

  reset(): void {
    this.#count = this.#peak = this.#energy = this.#shownPeak = this.#shownRms = 0;
    this.#isRead = true;
  }

  #endWindow(): void {
    const rms = Math.sqrt(this.#energy / windowSamples);
    this.#shownPeak = this.#isRead ? this.#peak : Math.max(this.#shownPeak, this.#peak);
    this.#shownRms = this.#isRead ? rms : Math.max(this.#shownRms, rms);
    this.#isRead = false;
    this.#count = this.#peak = this.#energy = 0;
  }
}
