/** Samples, and taps, of one vector: int16 in 128 bit. */
export const lanes = 8;
/**
 * Taps are whole numbers of steps of 2^-22, which leaves of the rounding of 295 of them -109 dB at most frequencies (measured;
 * -97 dB with 2^-20). One that is too large for int16 is two: a coarse one and its rest in steps.
 */
export const stepBits = 22;
const coarseUnit = 2 ** 6; // the largest tap of a low pass to a third of the rate is 0.31 × 2^16 coarse ones
const maxTap = 32_767;
/** The loudest sample is 2^15, and an int32 ends at 2^31. */
const maxWeight = 2 ** 16;

/** Taps whose products with any sound can be summed as int32. */
export interface TapGroup {
  /** How many steps its taps count in. */
  readonly unit: number;
  /** `at`: which of all taps is the first of the eight. */
  readonly vectors: { readonly at: number; readonly taps: Int16Array }[];
}

/** Makes int16 of taps, eight in a vector; products of neighbours go into one sum. */
export function groupTaps(taps: Float64Array): readonly TapGroup[] {
  const coarse: TapGroup = { unit: coarseUnit, vectors: [] };
  const groups = [coarse];
  let weights = [Infinity]; // the first vector begins a group of its own
  for (let at = 0; at < taps.length; at += lanes) {
    const steps = Array.from({ length: lanes }, (_value, lane) => (taps[at + lane] ?? 0) * 2 ** stepBits);
    const large = steps.map((tap) => (Math.abs(tap) > maxTap ? Math.round(tap / coarseUnit) : 0));
    if (large.some((tap) => tap !== 0)) coarse.vectors.push({ at, taps: Int16Array.from(large) });
    const rest = Int16Array.from(steps, (tap, lane) => Math.round(tap - (large[lane] as number) * coarseUnit));
    const added = [0, 2, 4, 6].map((lane) => Math.abs(rest[lane] as number) + Math.abs(rest[lane + 1] as number));
    weights = added.map((weight, pair) => weight + (weights[pair] ?? Infinity));
    if (weights.some((weight) => weight >= maxWeight)) {
      groups.push({ unit: 1, vectors: [] });
      weights = added;
    }
    groups.at(-1)?.vectors.push({ at, taps: rest });
  }
  return groups.filter((group) => group.vectors.length > 0);
}
