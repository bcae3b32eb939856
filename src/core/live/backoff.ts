export interface Backoff {
  readonly firstMs: number;
  readonly factor: number;
  readonly maxMs: number;
  /** Share of the wait that is random, 0 to 1, so that many clients do not return at once. */
  readonly jitter: number;
}

/** The wait before try number `attempt` (1: the first repetition). */
export function backoffMs(policy: Backoff, attempt: number, random: () => number = Math.random): number {
  const full = Math.min(policy.maxMs, policy.firstMs * policy.factor ** Math.max(0, attempt - 1));
  return Math.round(full * (1 - policy.jitter * random()));
}
