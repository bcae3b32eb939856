import type { Problem } from '../../../shared/model/common.ts';
import { problemOf, ProblemError } from '../../../shared/model/problem-error.ts';
import { backoffMs, type Backoff } from '../../live/backoff.ts';
import type { Clock } from '../../live/clock.ts';
import type { Log } from '../../live/log.ts';

export interface PollerOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** How long to wait after a look that took `tookMs`. */
  readonly nextInMs: (tookMs: number) => number;
  readonly look: (signal: AbortSignal) => Promise<void>;
  /** Told of each failed look. */
  readonly onFailure: (problem: Problem, nextTryAtMs: number) => void;
}

/** A server that is away is asked after 1, 1.6, 2.6 … 10 s: a server that comes back is seen within 10 s. */
const backoff: Backoff = { firstMs: 1_000, factor: 1.6, maxMs: 10_000, jitter: 0.2 };
/** Hints that come in a burst (a room of 20 joins at once) are answered by one look. */
const leastGapMs = 100;

/** Looks again and again, at once when poked, and more seldom while looking fails. */
export class Poller {
  readonly #options: PollerOptions;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;
  #wake = new AbortController();
  #isPoked = false;

  constructor(options: PollerOptions) {
    this.#options = options;
    this.#running = this.#run();
  }

  /** Looks as soon as possible, whatever the back-off says. */
  poke(): void {
    this.#isPoked = true;
    this.#wake.abort();
  }

  async close(): Promise<void> {
    this.#stop.abort(new Error('nobody looks any more'));
    await this.#running;
  }

  async #run(): Promise<void> {
    const { clock } = this.#options;
    const { signal } = this.#stop;
    await Promise.resolve(); // the first look begins when the owner is complete
    let failures = 0;
    while (!signal.aborted) {
      this.#isPoked = false;
      const beganMs = clock.monotonicMs();
      let waitMs: number;
      try {
        await this.#options.look(signal);
        failures = 0;
        waitMs = this.#options.nextInMs(clock.monotonicMs() - beganMs);
      } catch (error) {
        if (signal.aborted) return;
        failures++;
        const problem = this.#problem(error);
        waitMs = problem.retryable ? backoffMs(backoff, failures) : backoff.maxMs;
        this.#options.onFailure(problem, clock.nowMs() + Math.round(waitMs));
      }
      await this.#pause(this.#isPoked ? leastGapMs : Math.max(leastGapMs, waitMs), signal);
    }
  }

  async #pause(ms: number, signal: AbortSignal): Promise<void> {
    this.#wake = new AbortController();
    // Rejects when poked or stopped; the loop sees which.
    await this.#options.clock.delay(ms, AbortSignal.any([signal, this.#wake.signal])).catch(() => {});
  }

  #problem(error: unknown): Problem {
    if (!(error instanceof ProblemError)) this.#options.log.error('Looking at the rooms failed', {}, error);
    return problemOf(error);
  }
}
