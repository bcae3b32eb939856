/**
 * The low pass that comes before 48 kHz become 16: a Kaiser window of 295 taps with its middle at 7.43 kHz. It is flat within
 * 0.03 dB up to 7 kHz and 104 dB down from 8 kHz on, where what is left would fold back into speech. 295 taps make the delay
 * whole at both rates.
 */
export const tapCount = 295;
const kaiserBeta = 11;
const cutoffHz = 7_430;
/** How many samples the filter is late. */
export const middleTap = (tapCount - 1) / 2;

/** The taps, symmetric, with a sum of 1. */
export function lowPass(): Float64Array {
  const all = new Float64Array(tapCount);
  const cutoff = (2 * cutoffHz) / 48_000;
  let sum = 0;
  for (let tap = 0; tap < tapCount; tap++) {
    const distance = tap - middleTap;
    const sinc = distance === 0 ? cutoff : Math.sin(Math.PI * cutoff * distance) / (Math.PI * distance);
    all[tap] = sinc * (bessel(kaiserBeta * Math.sqrt(1 - (distance / middleTap) ** 2)) / bessel(kaiserBeta));
    sum += all[tap] as number;
  }
  return all.map((value) => value / sum);
}

/** Modified Bessel function of the first kind, order zero. */
function bessel(x: number): number {
  let sum = 1;
  let term = 1;
  for (let k = 1; term > sum * 1e-18; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}
