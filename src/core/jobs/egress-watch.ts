import type { Problem } from '../../shared/model/common.ts';
import { ProblemError } from '../../shared/model/problem-error.ts';
import { backoffMs } from '../live/backoff.ts';
import type { Clock } from '../live/clock.ts';
import type { Log } from '../live/log.ts';
import type { EgressPort, EgressSnapshot } from './ports.ts';

const busyEveryMs = 1_000;
const idleEveryMs = 4_000;
/** A server without egress is asked seldom: somebody may give it redis and a worker. */
const absentEveryMs = 30_000;
/** One answer that is lost says nothing yet: the next look comes a second later. */
const unknownAfterFailures = 2;
const backoff = { firstMs: 1_000, factor: 2, maxMs: 15_000, jitter: 0.2 };

export interface EgressWatchOptions {
  readonly port: EgressPort;
  readonly clock: Clock;
  readonly log: Log;
  /** True while a job waits for news. */
  readonly isBusy: () => boolean;
  /** `askedAtMs`: what a job has become since then the list cannot know. */
  readonly onList: (list: readonly EgressSnapshot[], askedAtMs: number) => void;
  readonly onPresent: () => void;
  /** Since when the server could not be asked, from the last time that it answered; null once it does. */
  readonly onUnanswered: (sinceMs: number | null) => void;
  /** The server says that it has no egress, in this problem. */
  readonly onAbsent: (problem: Problem) => void;
}

/** Looks at the jobs of one server until the signal: often while one runs. `nudge()` looks now. */
export class EgressWatch {
  readonly #options: EgressWatchOptions;
  #wake: () => void = () => {};
  #nudged = false;

  constructor(options: EgressWatchOptions) {
    this.#options = options;
  }

  nudge(): void {
    this.#nudged = true;
    this.#wake();
  }

  async run(signal: AbortSignal): Promise<void> {
    let failures = 0;
    let answeredAtMs = this.#options.clock.nowMs();
    while (!signal.aborted) {
      let waitMs: number;
      try {
        const askedAtMs = this.#options.clock.nowMs();
        this.#options.onList(await this.#options.port.list(signal), askedAtMs);
        this.#options.onPresent();
        failures = 0;
        waitMs = this.#options.isBusy() ? busyEveryMs : idleEveryMs; // asked behind the list: it may bring jobs to follow
        answeredAtMs = this.#options.clock.nowMs();
        this.#options.onUnanswered(null);
      } catch (error) {
        if (signal.aborted) return;
        const isAbsent = error instanceof ProblemError && error.code === 'egress-not-connected';
        if (isAbsent) this.#options.onAbsent(error.problem);
        else if (++failures === 1) this.#tell(error);
        // A server that has lost its egress tells nothing of what ran there.
        if (failures >= unknownAfterFailures || (isAbsent && this.#options.isBusy()))
          this.#options.onUnanswered(answeredAtMs);
        waitMs = isAbsent ? absentEveryMs : backoffMs(backoff, failures);
      }
      await this.#sleep(waitMs, signal);
    }
  }

  #tell(error: unknown): void {
    const { log } = this.#options;
    if (error instanceof ProblemError) log.warn('The jobs of a server could not be listed', { code: error.code });
    else log.error('The jobs of a server could not be taken in', {}, error);
  }

  async #sleep(ms: number, outer: AbortSignal): Promise<void> {
    if (this.#nudged) {
      this.#nudged = false;
      return;
    }
    const own = new AbortController();
    this.#wake = () => own.abort();
    await this.#options.clock.delay(ms, AbortSignal.any([outer, own.signal])).catch(() => {}); // woken early, or stopped: the loop sees which
    this.#wake = () => {};
    this.#nudged = false;
  }
}
