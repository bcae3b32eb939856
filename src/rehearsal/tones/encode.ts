import { bandCount, digitsOf, symbolGapMs, symbolMs, toneHz, wordCount } from './layout.ts';

/** Rise and fall of a symbol: longer ramps lose words in Opus at 32 kb/s (3 ms: 4723 of 4725, 5 ms: 4715, 12 ms: 4668). */
const rampMs = 3;
const mark = -1;

/**
 * The voice of one person: writes the sound of words. Symbols are rendered once and kept (nine of them), so that a word
 * costs a copy.
 */
export class ToneVoice {
  readonly #band: number;
  readonly #sampleRateHz: number;
  readonly #amplitude: number;
  readonly #symbols = new Map<number, Int16Array>();

  /** `amplitude` is the peak of a single tone, 0 to 1 of full scale; a mark has two of 0.7 of it. */
  constructor(options: { readonly band: number; readonly sampleRateHz: number; readonly amplitude: number }) {
    if (!Number.isInteger(options.band) || options.band < 0 || options.band >= bandCount)
      throw new RangeError(`A voice has a band of 0 to ${bandCount - 1}, not ${options.band}.`);
    this.#band = options.band;
    this.#sampleRateHz = options.sampleRateHz;
    this.#amplitude = options.amplitude;
  }

  /** Writes the part of a word that falls into `target`; `at` is the index in `target` of the word's first sample (may be negative). */
  write(target: Int16Array, at: number, word: number): void {
    if (!Number.isInteger(word) || word < 0 || word >= wordCount)
      throw new RangeError(`A word has a number of 0 to ${wordCount - 1}, not ${word}.`);
    const step = ((symbolMs + symbolGapMs) * this.#sampleRateHz) / 1000;
    [mark, ...digitsOf(word, this.#band)].forEach((symbol, index) => {
      const start = at + Math.round(index * step);
      const sound = this.#symbol(symbol);
      const from = Math.max(0, -start);
      const to = Math.min(sound.length, target.length - start);
      if (to > from) target.set(sound.subarray(from, to), start + from);
    });
  }

  #symbol(symbol: number): Int16Array {
    let sound = this.#symbols.get(symbol);
    if (!sound) {
      sound = this.#render(symbol);
      this.#symbols.set(symbol, sound);
    }
    return sound;
  }

  #render(symbol: number): Int16Array {
    const count = Math.round((symbolMs * this.#sampleRateHz) / 1000);
    const ramp = (rampMs * this.#sampleRateHz) / 1000;
    const tones = symbol === mark ? [0, 7] : [symbol];
    const peak = (symbol === mark ? 0.7 : 1) * this.#amplitude * 32767;
    const sound = new Int16Array(count);
    for (let i = 0; i < count; i++) {
      const edge = Math.min(1, (i + 0.5) / ramp, (count - i - 0.5) / ramp);
      let value = 0;
      for (const tone of tones)
        value += Math.sin((2 * Math.PI * toneHz(this.#band, tone) * i) / this.#sampleRateHz + tone);
      sound[i] = Math.round(value * peak * 0.5 * (1 - Math.cos(Math.PI * edge)));
    }
    return sound;
  }
}
