import { bandCount, symbolGapMs, symbolMs, symbolsPerWord, toneHz, tonesPerBand, wordMs, wordOf } from './layout.ts';

export interface DecodedWord {
  readonly band: number;
  /** Number in the lexicon. */
  readonly word: number;
  /** Samples of 16 kHz since the decoder's first; exact to one hop (5 ms). */
  readonly startSample: number;
  readonly endSample: number;
  /** 0 to 1: the weakest symbol's share of the sound of its band. */
  readonly confidence: number;
}

export const decoderSampleRateHz = 16_000;

// Power is measured each 5 ms over the length of a symbol. All tones are multiples of 5 Hz, so the reference of a hop
// repeats after 40 hops.
const hopSamples = 80;
const hopsPerSymbol = (symbolMs / 1000) * (decoderSampleRateHz / hopSamples);
const hopsPerStep = ((symbolMs + symbolGapMs) / 1000) * (decoderSampleRateHz / hopSamples);
const phaseHops = 40;
const toneCount = bandCount * tonesPerBand;
const historyHops = 96;

/** A tone under -50 dBFS is silence: words come at -20, or at -44 where all is 18 dB quieter; clicks between bands lie lower. */
const floorPower = 0.003 ** 2;
/** A symbol stands 5 dB above all else in its band; white noise does that for all six symbols once in weeks. */
const dominance = 3;
/** The symbols of a word are equally loud, within 12 dB: Opus at 32 kb/s with six voices was seen to move one by 11. */
const evenness = 16;
/** And so are the halves of a symbol; a symbol that is cut in the middle differs by far more. */
const halfEvenness = 16;
/** A mark's two tones need less: what they let through, the digits and their checks refuse. */
const markDominance = 2;
/** After a word its band is at least 6 dB quieter. */
const endQuiet = 4;
/** A digit has one tone where the mark has two of 0.7 of it. */
const markPowerRatio = 1 / 0.49;
/**
 * How far, in hops, a symbol may lie from its place after the one before, and a word be longer or shorter in all: WebRTC
 * stretches and shortens sound by 5 to 15 ms at a time when packets come late.
 */
const searchHops = 3;
const stretchHops = 8;
const markHoldHops = 4;

const sines = new Float64Array(toneCount * hopSamples);
const cosines = new Float64Array(toneCount * hopSamples);
const turnSines = new Float64Array(toneCount * phaseHops);
const turnCosines = new Float64Array(toneCount * phaseHops);
for (let tone = 0; tone < toneCount; tone++) {
  const step = (2 * Math.PI * toneHz(Math.floor(tone / tonesPerBand), tone % tonesPerBand)) / decoderSampleRateHz;
  for (let i = 0; i < hopSamples; i++) {
    sines[tone * hopSamples + i] = Math.sin(step * i);
    cosines[tone * hopSamples + i] = Math.cos(step * i);
  }
  for (let hop = 0; hop < phaseHops; hop++) {
    turnSines[tone * phaseHops + hop] = Math.sin(step * hop * hopSamples);
    turnCosines[tone * phaseHops + hop] = Math.cos(step * hop * hopSamples);
  }
}
const windowOf = Array.from(
  { length: hopsPerSymbol },
  (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (i + 0.5)) / hopsPerSymbol),
);
/** Turns a windowed sum into the square of a tone's peak, of full scale. */
const powerScale = (2 / (windowOf.reduce((sum, value) => sum + value, 0) * hopSamples * 32768)) ** 2;

interface Mark {
  readonly hop: number;
  readonly score: number;
}
interface BandState {
  candidate: Mark | null;
  readonly marks: Mark[];
  deafUntilHop: number;
}

/**
 * Hears words in 16 kHz mono sound, all six bands at once, in blocks of any size. A word is returned by the push that
 * brings the 90 ms after its end. What begins like a word and fails a check is counted, never guessed.
 */
export class ToneDecoder {
  readonly #block = new Float64Array(hopSamples);
  #filled = 0;
  #hop = 0;
  /** The sums of the last hops, by tone, and the powers of the last windows. */
  readonly #re = new Float64Array(historyHops * toneCount);
  readonly #im = new Float64Array(historyHops * toneCount);
  readonly #power = new Float64Array(historyHops * toneCount);
  readonly #bands: readonly BandState[] = Array.from({ length: bandCount }, () => ({
    candidate: null,
    marks: [],
    deafUntilHop: 0,
  }));
  #quietHops = 0;
  #rejected = 0;

  /** How often something began like a word and was none. */
  get rejected(): number {
    return this.#rejected;
  }

  /** Where the oldest word may have started that is heard but not yet read; null where nothing is under way. */
  get pendingSample(): number | null {
    let oldest: number | null = null;
    for (const { candidate, marks } of this.#bands) {
      const mark = marks[0] ?? candidate;
      if (mark && (oldest === null || mark.hop < oldest)) oldest = mark.hop;
    }
    return oldest === null ? null : (oldest - hopsPerSymbol + 1) * hopSamples;
  }

  push(samples: Int16Array): readonly DecodedWord[] {
    const found: DecodedWord[] = [];
    let at = 0;
    while (at < samples.length) {
      const count = Math.min(hopSamples - this.#filled, samples.length - at);
      for (let i = 0; i < count; i++) this.#block[this.#filled + i] = samples[at + i] ?? 0;
      this.#filled += count;
      at += count;
      if (this.#filled === hopSamples) {
        this.#filled = 0;
        this.#measure();
        for (let band = 0; band < bandCount; band++) this.#listen(band, found);
        this.#hop++;
      }
    }
    return found;
  }

  #measure(): void {
    const row = (this.#hop % historyHops) * toneCount;
    const isQuiet = this.#block.every((value) => value === 0);
    this.#quietHops = isQuiet ? this.#quietHops + 1 : 0;
    if (isQuiet) {
      this.#re.fill(0, row, row + toneCount);
      this.#im.fill(0, row, row + toneCount);
    } else this.#correlate(row);
    if (this.#quietHops >= hopsPerSymbol) {
      this.#power.fill(0, row, row + toneCount);
      return;
    }
    for (let tone = 0; tone < toneCount; tone++) {
      let re = 0;
      let im = 0;
      for (let i = 0; i < hopsPerSymbol; i++) {
        const index = ((this.#hop + historyHops - hopsPerSymbol + 1 + i) % historyHops) * toneCount + tone;
        const weight = windowOf[i] as number; // i is inside; so are the indices below
        re += weight * (this.#re[index] as number);
        im += weight * (this.#im[index] as number);
      }
      this.#power[row + tone] = (re * re + im * im) * powerScale;
    }
  }

  #correlate(row: number): void {
    const block = this.#block;
    const turn = this.#hop % phaseHops;
    for (let tone = 0; tone < toneCount; tone++) {
      const base = tone * hopSamples;
      let re = 0;
      let im = 0;
      for (let i = 0; i < hopSamples; i++) {
        const value = block[i] as number; // all indices are inside
        re += value * (cosines[base + i] as number);
        im -= value * (sines[base + i] as number);
      }
      const c = turnCosines[tone * phaseHops + turn] as number;
      const s = turnSines[tone * phaseHops + turn] as number;
      this.#re[row + tone] = re * c + im * s;
      this.#im[row + tone] = im * c - re * s;
    }
  }

  #listen(band: number, found: DecodedWord[]): void {
    const state = this.#bands[band] as BandState; // bands are 0..5
    const { candidate, marks } = state;
    if (candidate && this.#hop - candidate.hop >= markHoldHops) {
      marks.push(candidate);
      state.candidate = null;
      state.deafUntilHop = candidate.hop + hopsPerSymbol;
    }
    if (this.#hop >= state.deafUntilHop) {
      const score = this.#markScore(band);
      if (score > (state.candidate?.score ?? 0)) state.candidate = { hop: this.#hop, score };
    }
    const due = marks[0];
    if (!due || this.#hop < due.hop + symbolsPerWord * hopsPerStep + stretchHops) return;
    marks.shift();
    const word = this.#read(band, due.hop);
    if (!word) {
      this.#rejected++;
      return;
    }
    found.push(word);
    marks.length = 0; // a mark inside a good word was an echo of it
  }

  /** How much the window that ends here sounds like a mark; 0: not at all. */
  #markScore(band: number): number {
    const row = (this.#hop % historyHops) * toneCount + band * tonesPerBand;
    const low = this.#power[row] as number; // inside, as all below
    const high = this.#power[row + tonesPerBand - 1] as number;
    const least = Math.min(low, high);
    if (least < floorPower || Math.max(low, high) > evenness * least) return 0;
    for (let tone = 1; tone < tonesPerBand - 1; tone++)
      if ((this.#power[row + tone] as number) * markDominance > least) return 0;
    return low * high;
  }

  #read(band: number, markHop: number): DecodedWord | null {
    const hops = this.#follow(band, markHop);
    const row = (markHop % historyHops) * toneCount + band * tonesPerBand;
    const markPower =
      (((this.#power[row] as number) + (this.#power[row + tonesPerBand - 1] as number)) / 2) * markPowerRatio;
    const digits: number[] = [];
    let confidence = 1;
    for (let k = 1; k < symbolsPerWord; k++) {
      const symbol = this.#symbol(band, hops[k] as number);
      if (symbol.power < floorPower || symbol.power < dominance * symbol.second) return null;
      if (symbol.power > evenness * markPower || symbol.power * evenness < markPower) return null;
      if (!this.#isWhole(band * tonesPerBand + symbol.tone, hops[k] as number)) return null;
      confidence = Math.min(confidence, symbol.power / symbol.total);
      digits.push(symbol.tone);
    }
    // A word ends in silence: where sound was doubled or moved within a word, one of its symbols still follows.
    if (this.#symbol(band, (hops.at(-1) as number) + hopsPerStep).power * endQuiet > markPower) return null;
    const word = wordOf(digits, band);
    if (word === null) return null;
    const startSample = Math.max(0, (markHop - hopsPerSymbol + 1) * hopSamples);
    return { band, word, startSample, endSample: startSample + wordMs * (decoderSampleRateHz / 1000), confidence };
  }

  /** Where each symbol of a word is loudest, from the mark on. */
  #follow(band: number, markHop: number): readonly number[] {
    const hops = [markHop];
    for (let k = 1; k < symbolsPerWord; k++) {
      const expected = (hops[k - 1] as number) + hopsPerStep;
      let best = { hop: expected, power: 0 };
      for (let hop = expected - searchHops; hop <= expected + searchHops; hop++) {
        if (Math.abs(hop - markHop - k * hopsPerStep) > stretchHops) continue;
        const { power } = this.#symbol(band, hop);
        if (power > best.power) best = { hop, power };
      }
      hops.push(best.hop);
    }
    return hops;
  }

  /** Whether a tone fills both halves of its window: half a symbol is the edge of a cut. */
  #isWhole(tone: number, hop: number): boolean {
    const half = hopsPerSymbol / 2;
    const [first = 0, second = 0] = [1, 0].map((back) => {
      let re = 0;
      let im = 0;
      for (let i = 0; i < half; i++) {
        const index = ((hop + historyHops - back * half - i) % historyHops) * toneCount + tone;
        re += this.#re[index] as number; // inside
        im += this.#im[index] as number;
      }
      return re * re + im * im;
    });
    return first < halfEvenness * second && second < halfEvenness * first;
  }

  #symbol(band: number, hop: number): { tone: number; power: number; second: number; total: number } {
    const row = (hop % historyHops) * toneCount + band * tonesPerBand;
    const result = { tone: 0, power: -1, second: 0, total: 0 };
    for (let tone = 0; tone < tonesPerBand; tone++) {
      const power = this.#power[row + tone] as number; // inside
      result.total += power;
      if (power > result.power) {
        result.second = result.power;
        result.power = power;
        result.tone = tone;
      } else if (power > result.second) result.second = power;
    }
    return result;
  }
}
