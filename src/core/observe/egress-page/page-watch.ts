import type { EgressPage, EgressWorker } from '../../../shared/model/capacity.ts';
import { problemOf } from '../../../shared/model/problem-error.ts';
import { backoffMs, type Backoff } from '../../live/backoff.ts';
import type { Clock } from '../../live/clock.ts';

export type PageReading = Pick<EgressPage, 'state' | 'readAtMs' | 'nextAtMs' | 'problem' | 'worker'>;
export const notRead: PageReading = { state: 'waiting', readAtMs: null, nextAtMs: null, problem: null, worker: null };

/** Its figures move within seconds; the cost of a new job is held for 15 s (measured). */
const readEveryMs = 5_000;
const backoff: Backoff = { firstMs: 5_000, factor: 2, maxMs: 120_000, jitter: 0.2 };

/** Reads the page of one worker until the signal, with back-off while it cannot; the last good reading stays beside a trouble. */
export async function watchEgressPage(
  options: {
    readonly read: (signal: AbortSignal) => Promise<EgressWorker>;
    readonly onReading: (reading: PageReading) => void;
    readonly clock: Clock;
  },
  signal: AbortSignal,
): Promise<void> {
  const { read, onReading, clock } = options;
  let last = notRead;
  let failures = 0;
  while (!signal.aborted) {
    let waitMs = readEveryMs;
    try {
      const worker = await read(signal);
      failures = 0;
      last = { state: 'read', readAtMs: Math.round(clock.nowMs()), nextAtMs: null, problem: null, worker };
    } catch (error) {
      if (signal.aborted) return;
      waitMs = backoffMs(backoff, ++failures);
      last = { ...last, state: 'trouble', problem: problemOf(error) };
    }
    onReading({ ...last, nextAtMs: Math.round(clock.nowMs() + waitMs) });
    await clock.delay(waitMs, signal).catch(() => {}); // only the signal rejects; the loop sees it
  }
}
