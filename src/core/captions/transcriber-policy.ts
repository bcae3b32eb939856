export interface TranscriberPolicy {
  readonly chunkMs: number;
  /** Unacknowledged sound that is kept for sending again; 90 s are 23 MB at 8 channels. */
  readonly bufferMs: number;
  /** A session is replaced at this age: Gladia ends it at 3 h. */
  readonly rollOverMs: number;
  /** Both sessions hear this much, so that every word is whole in one of them. */
  readonly overlapMs: number;
  /** A session that could not take over from the one before is asked for again after so long: five times before Gladia ends that. */
  readonly replaceAgainMs: number;
  /** New sessions that failures may cost within `renewalWindowMs`. */
  readonly maxRenewals: number;
  readonly renewalWindowMs: number;
  /** Peak of a sample that counts as something to hear: about -40 dB. */
  readonly wakePeak: number;
}
export const transcriberPolicy: TranscriberPolicy = {
  chunkMs: 100,
  bufferMs: 90_000,
  rollOverMs: (2 * 60 + 55) * 60_000,
  overlapMs: 2_000,
  replaceAgainMs: 60_000,
  maxRenewals: 2,
  renewalWindowMs: 5 * 60_000,
  wakePeak: 300,
};
