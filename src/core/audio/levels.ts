/** Of what nothing arrives; told from silence that does arrive. */
export const noSound = -32_768;
/** Digital silence. The smallest sample that is not silent has -90.3 dB. */
export const silenceTenths = -1_000;

/** The greatest amplitude of the samples, 0 to 32,768. */
export function peakOf(samples: Int16Array, from = 0, to = samples.length): number {
  let peak = 0;
  for (let index = from; index < to; index++) {
    const value = samples[index] as number;
    const size = value < 0 ? -value : value;
    if (size > peak) peak = size;
  }
  return peak;
}

/** Sum of the squares; divided by the count its root is the RMS. */
export function energyOf(samples: Int16Array, from = 0, to = samples.length): number {
  let energy = 0;
  for (let index = from; index < to; index++) energy += (samples[index] as number) ** 2;
  return energy;
}

/** An amplitude of int16 sound in tenths of a decibel to full scale: 32,768 is 0, so a full sine has an RMS of -30. */
export function tenthsOf(amplitude: number): number {
  if (amplitude <= 0) return silenceTenths;
  return Math.max(silenceTenths, Math.min(0, Math.round(200 * Math.log10(amplitude / 32_768)))) + 0; // -0 to 0
}
