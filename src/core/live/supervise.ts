import { backoffMs, type Backoff } from './backoff.ts';
import type { Clock } from './clock.ts';

export interface Supervision {
  readonly backoff: Backoff;
  readonly clock: Clock;
  /** A run that lasted this long counts as healthy: the next failure begins the back-off anew. */
  readonly healthyAfterMs: number;
  /** Told before each wait. Returning false gives up. */
  readonly onFailure: (error: unknown, attempt: number, nextInMs: number) => boolean | void;
}

/** Runs `run` until it returns, again after each failure, with back-off. Resolves when it returned, was told to stop, or gave up. */
export async function supervise(
  run: (signal: AbortSignal, attempt: number) => Promise<void>,
  policy: Supervision,
  signal: AbortSignal,
): Promise<void> {
  for (let attempt = 0; !signal.aborted;) {
    const beganMs = policy.clock.monotonicMs();
    try {
      await run(signal, attempt);
      return;
    } catch (error) {
      if (signal.aborted) return;
      attempt = policy.clock.monotonicMs() - beganMs >= policy.healthyAfterMs ? 1 : attempt + 1;
      const waitMs = backoffMs(policy.backoff, attempt);
      if (policy.onFailure(error, attempt, waitMs) === false) return;
      await policy.clock.delay(waitMs, signal).catch(() => {}); // only the signal rejects, and the loop sees it
    }
  }
}
