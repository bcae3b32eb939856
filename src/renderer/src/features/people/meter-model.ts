/** Ballistics of one peak meter, without a clock or a screen of its own: told the level and the time, it moves. */

export const floorDb = -60;
const fallDbPerMs = 20 / 1_700; // console.md, Meters: 20 dB in 1.7 s, as a Type I PPM
const holdMs = 20_000;
const clipDb = -0.1; // a sample this near to full scale was cut, or will be after the next gain
const goneAfterMs = 1_000; // one second without any sound of a person who is not muted is worth a word

export interface Meter {
  /** Where the bar ends, in dBFS, -60 to 0. */
  shownDb: number;
  /** The highest of the last 20 s. */
  holdDb: number;
  holdAtMs: number;
  /** Lit until it is cleared by hand. */
  isClipped: boolean;
  /** When sound arrived last, silence included. */
  heardAtMs: number;
  movedAtMs: number;
}

export const newMeter = (nowMs: number): Meter => ({
  shownDb: floorDb,
  holdDb: floorDb,
  holdAtMs: nowMs,
  isClipped: false,
  heardAtMs: nowMs,
  movedAtMs: nowMs,
});

/** Lets the bar and the hold fall to where they are by now. */
export function fall(meter: Meter, nowMs: number): void {
  meter.shownDb = Math.max(floorDb, meter.shownDb - (nowMs - meter.movedAtMs) * fallDbPerMs);
  meter.movedAtMs = nowMs;
  if (nowMs - meter.holdAtMs > holdMs) meter.holdDb = meter.shownDb;
}

/** Takes one level; null where no sound arrives from this person. Rises at once, falls slowly. */
export function take(meter: Meter, peakDb: number | null, nowMs: number): void {
  fall(meter, nowMs);
  if (peakDb === null) return;
  meter.heardAtMs = nowMs;
  if (peakDb > meter.shownDb) meter.shownDb = Math.min(0, peakDb);
  if (peakDb >= clipDb) meter.isClipped = true;
  if (meter.shownDb >= meter.holdDb) {
    meter.holdDb = meter.shownDb;
    meter.holdAtMs = nowMs;
  }
}

export const isGone = (meter: Meter, nowMs: number): boolean => nowMs - meter.heardAtMs > goneAfterMs;
