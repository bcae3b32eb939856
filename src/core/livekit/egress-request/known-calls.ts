import { ProblemError } from '../../../shared/model/problem-error.ts';
import type { Clock } from '../../live/clock.ts';
import type { EgressCall, EgressForms } from './forms.ts';

/** A server that does not know a call is asked again after this: it may have been updated meanwhile. */
const askAgainAfterMs = 10 * 60_000;

/**
 * Which calls one server does not know: learned from its answers (404, `no handler for path`), and forgotten after a while.
 * Old servers lack `StartEgress`; the older calls are announced to go.
 */
export class KnownCalls {
  readonly #clock: Clock;
  readonly #lacking = new Map<EgressCall['method'], number>();
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Does the call in the first form that the server knows. To find out costs one call of some ms, in which nothing starts. */
  async start<T>(forms: EgressForms, call: (form: EgressCall) => Promise<T>): Promise<T> {
    const { v1, v2 } = forms;
    const all = (forms.first === 'v1' ? [v1, v2] : [v2, v1]).filter((form) => form !== undefined);
    const known = all.filter(({ method }) => !this.#lacks(method));
    // Where all are believed to be lacking the server is asked after all: its own words go to the producer.
    const [form, other] = known.length > 0 ? known : all;
    if (!form) throw new Error('a request has at least one form');
    try {
      return await call(form);
    } catch (error) {
      if (!(error instanceof ProblemError) || error.code !== 'no-such-call') throw error;
      this.#lacking.set(form.method, this.#clock.monotonicMs());
      if (other && !this.#lacks(other.method)) return call(other);
      throw form.method === 'StartEgress' ? needsNewerServer(error) : error;
    }
  }

  #lacks(method: EgressCall['method']): boolean {
    const sinceMs = this.#lacking.get(method);
    return sinceMs !== undefined && this.#clock.monotonicMs() - sinceMs < askAgainAfterMs;
  }
}

/** Only a newer server knows what was asked for. */
export function needsNewerServer(cause?: ProblemError): ProblemError {
  return new ProblemError(
    {
      code: 'needs-newer-server',
      fault: 'server',
      retryable: false,
      text: 'This server is too old for this job: it does not know the request for it.',
      said: cause?.problem.said,
      advice: 'It needs livekit-server 1.13.2 and egress 1.13.0 or newer. Take another kind meanwhile.',
    },
    { cause },
  );
}
