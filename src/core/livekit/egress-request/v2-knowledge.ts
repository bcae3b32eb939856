import { ProblemError } from '../../../shared/model/problem-error.ts';
import type { Clock } from '../../live/clock.ts';
import type { EgressCall, EgressForms } from './forms.ts';

/** A server that does not know `StartEgress` is asked again after this: it may have been updated meanwhile. */
const askAgainAfterMs = 10 * 60_000;

/** Whether one server knows `StartEgress`: learned from its answers, and forgotten after a while. */
export class V2Knowledge {
  readonly #clock: Clock;
  #unknownSinceMs: number | null = null;
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Does the call in the newest form that the server knows; one that it does not know costs a call of some ms, once. */
  async start<T>(forms: EgressForms, call: (form: EgressCall) => Promise<T>): Promise<T> {
    const { v1, v2 } = forms;
    if (v1 && (!v2 || this.#isKnownToLack())) return call(v1);
    if (!v2) throw new Error('a request has at least one form');
    try {
      const result = await call(v2);
      this.#unknownSinceMs = null;
      return result;
    } catch (error) {
      if (!(error instanceof ProblemError) || error.code !== 'no-such-call') throw error;
      this.#unknownSinceMs = this.#clock.monotonicMs();
      if (v1) return call(v1);
      throw new ProblemError(
        {
          code: 'needs-newer-server',
          fault: 'server',
          retryable: false,
          text: 'This server is too old for this kind of job: it knows only the older requests.',
          advice: 'It needs livekit-server 1.13.2 and egress 1.13.0 or newer. Take another kind meanwhile.',
        },
        { cause: error },
      );
    }
  }

  #isKnownToLack(): boolean {
    return this.#unknownSinceMs !== null && this.#clock.monotonicMs() - this.#unknownSinceMs < askAgainAfterMs;
  }
}
