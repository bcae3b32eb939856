/**
 * How words lie in sound. Each person has a band of eight tones; a word is six symbols: a mark (lowest and highest tone
 * together), three octal digits of its number, two check digits. Encoder and decoder share this page and nothing else.
 */
export const bandCount = 6;
export const tonesPerBand = 8;
/** Numbers of three octal digits. */
export const wordCount = 512;
export const symbolMs = 40;
/** Silence between two symbols. */
export const symbolGapMs = 10;
export const symbolsPerWord = 6;
/** From the first sound of a word to its last: the silence after the last symbol is not part of it. */
export const wordMs = symbolsPerWord * (symbolMs + symbolGapMs) - symbolGapMs;

const firstHz = 300;
const bandStepHz = 520;
/** More than the first zero (50 Hz) of a Hann window over a symbol, so that neighbours do not leak into each other. */
const toneStepHz = 55;

export function toneHz(band: number, tone: number): number {
  return firstHz + band * bandStepHz + tone * toneStepHz;
}

// The digits and checks are a Reed-Solomon code over GF(8) with distance 3: the values of one polynomial of degree 2 at
// the points 0..4. Whatever audio is lost between two words of a person, a mixture of both words differs from one of them
// in one or two digits, and so is never a word itself.
const gf = { exp: [1, 2, 4, 3, 6, 7, 5], log: [-1, 0, 1, 3, 2, 6, 4, 5] } as const;
const times = (a: number, b: number): number =>
  a === 0 || b === 0 ? 0 : (gf.exp[((gf.log[a] ?? 0) + (gf.log[b] ?? 0)) % 7] ?? 0);
const over = (a: number, b: number): number =>
  a === 0 ? 0 : (gf.exp[((gf.log[a] ?? 0) - (gf.log[b] ?? 0) + 7) % 7] ?? 0);

function valueAt(x: number, digits: readonly [number, number, number]): number {
  let sum = 0;
  for (let i = 0; i < 3; i++) {
    let term = digits[i] ?? 0;
    for (let j = 0; j < 3; j++) if (j !== i) term = over(times(term, x ^ j), i ^ j);
    sum ^= term;
  }
  return sum;
}

/** The five digits of a word: three of its number, two checks. The checks are shifted so that one steady tone is no word. */
export function digitsOf(word: number, band: number): readonly [number, number, number, number, number] {
  const digits = [(word >> 6) & 7, (word >> 3) & 7, word & 7] as const;
  return [...digits, valueAt(3, digits) ^ 5 ^ band, valueAt(4, digits) ^ 3];
}

/** The word of five digits, or null where the checks refuse. */
export function wordOf(digits: readonly number[], band: number): number | null {
  const [a = 0, b = 0, c = 0] = digits;
  const word = (a << 6) | (b << 3) | c;
  return digitsOf(word, band).every((digit, index) => digit === digits[index]) ? word : null;
}
