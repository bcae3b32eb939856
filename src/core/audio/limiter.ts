import { sampleRateHz } from './sound-format.ts';

const ceiling = 32_767;
/** Short enough that a laugh does not hush the sentence after it, long enough that no single wave is bent. */
const releaseMs = 80;
const release = 1 - Math.exp(-1000 / (releaseMs * sampleRateHz));

/**
 * Keeps a sum within 16 bits by turning it down, at once where it would clip and back up slowly, instead of cutting waves.
 * What fits passes bit by bit.
 */
export class SoftLimiter {
  #gain = 1;

  /** Takes `count` samples from `sums` from `from` on, and writes them to `output` from `outputAt` on. */
  process(sums: Float32Array, from: number, count: number, output: Int16Array, outputAt: number): void {
    let gain = this.#gain;
    for (let index = 0; index < count; index++) {
      const sum = sums[from + index] as number;
      if (gain < 1) {
        gain += (1 - gain) * release;
        if (gain > 0.999_99) gain = 1;
      }
      const size = sum < 0 ? -sum : sum;
      if (size * gain > ceiling) gain = size > ceiling ? ceiling / size : 1;
      output[outputAt + index] = gain === 1 ? sum : Math.round(sum * gain);
    }
    this.#gain = gain;
  }
}
