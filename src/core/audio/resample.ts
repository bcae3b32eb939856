import { firKernel, type FirKernel } from './fir-kernel.ts';
import { lowPass, middleTap, tapCount } from './low-pass.ts';

/** Samples in for one sample out: 48 kHz to 16 kHz. */
export const resampleFactor = 3;
/** How many input samples the output is behind: 147, which are 49 output samples, 3.06 ms. */
export const resampleDelaySamples = middleTap;

const history = tapCount - 1;
const batch = 4_800;

/** Made when somebody is first heard; one does for all, as it keeps nothing. */
let kernel: FirKernel | null = null;
const theKernel = (): FirKernel =>
  (kernel ??= firKernel({ taps: lowPass(), step: resampleFactor, maxInput: history + batch }));

/** 48 kHz mono int16 to 16 kHz mono int16. Keeps its state across blocks of any size. */
export class Resampler48To16 {
  /** The last samples of before. */
  readonly #before = new Int16Array(history);
  /** How many more input samples until the next output sample is due. */
  #wait = 0;

  /** Output samples that `inputCount` more input samples will give. */
  outputCount(inputCount: number): number {
    return Math.max(0, Math.ceil((inputCount - this.#wait) / resampleFactor));
  }

  /** Writes to `output` from `outputAt` on, each sample `stride` apart; returns how many were written. */
  process(input: Int16Array, output: Int16Array, outputAt = 0, stride = 1): number {
    const filter = theKernel();
    const { input: line, output: answers } = filter;
    let written = 0;
    line.set(this.#before);
    for (let from = 0; from < input.length; from += batch) {
      const block = input.length <= batch ? input : input.subarray(from, from + batch);
      const count = this.outputCount(block.length);
      line.set(block, history);
      filter.run(this.#wait, count);
      for (let index = 0; index < count; index++)
        output[outputAt + (written + index) * stride] = answers[index] as number;
      written += count;
      this.#wait += count * resampleFactor - block.length;
      line.copyWithin(0, block.length, block.length + history);
    }
    this.#before.set(line.subarray(0, history));
    return written;
  }

  /** Forgets what was before, as after a hole. */
  reset(): void {
    this.#before.fill(0);
    this.#wait = 0;
  }
}
