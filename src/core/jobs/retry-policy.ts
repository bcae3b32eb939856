import type { Problem } from '../../shared/model/common.ts';

export interface RetryPolicy {
  /** `when-free`: asking again is in vain until another job ends. `never`: the same request is refused again. */
  readonly when: 'never' | 'when-free' | 'after';
  /** Null: never. With `when-free` at the latest, for what nobody here can see. */
  readonly afterMs: number | null;
  /** The policy in a sentence. */
  readonly text: string;
  /** What may lie behind a refusal that does not say why. */
  readonly causes: readonly string[];
}

/** A worker keeps the full cost of a new job free for this long, whatever it really needs (measured). */
const costHoldMs = 15_000;

/** A server that has no worker answers after 25 s at the latest (measured): what was not answered is in its list by then, or never. */
const lateAnswerMs = 30_000;

/** The call never left this computer, so nothing can have come of it. */
const neverSent: ReadonlySet<string> = new Set(['not-listening', 'no-name-service', 'unreachable']);
/** An answer that says nothing of the job: of a proxy, of an error behind the start, or in a form that cannot be read. */
const saysNothing: ReadonlySet<string> = new Set([
  'proxy-error',
  'server-error',
  'worker-silent',
  'not-in-time',
  'not-understood',
]);
/** No answer came that tells what became of this try, or of one before it. */
export const isUnclear = ({ code, fault }: Problem): boolean => fault === 'network' || saysNothing.has(code);
/** The same of this very try, which the server may have taken: its list knows. */
export const mayHaveArrived = (problem: Problem): boolean => isUnclear(problem) && !neverSent.has(problem.code);

/**
 * When a start that was refused may be asked for again; by itself only where egress alone will do (`retries.ts`): each try
 * of a self-hosted server takes 20 to 25 s to be refused, and one of the Cloud counts against its rate.
 */
export function retryPolicy(problem: Problem): RetryPolicy {
  switch (problem.code) {
    case 'egress-limit':
      return policy('when-free', 60_000, 'In vain until another egress ends: the limit holds.');
    case 'no-egress-worker':
      return policy(
        'after',
        costHoldMs,
        'After 15 s at the earliest: a worker keeps the cores of a new job free for that long. Each refusal takes 20 to 25 s.',
        [
          'No egress worker runs, or it uses another redis.',
          'Every worker is full: a picture of a room needs 4 free cores, a person 2, a track half a one.',
          'PulseAudio is down or full at the worker: then only what needs a browser is refused.',
          'The worker ended itself after an error while it built a job, and has to be started again.',
        ],
      );
    case 'not-enough-cpu':
      return policy('after', costHoldMs, 'After 15 s: a worker keeps the cores of a new job free for that long.');
    case 'too-many-requests':
      return policy('after', 60_000, 'After a minute: the server counts requests by the minute.');
    case 'worker-shutting-down':
      return policy('after', costHoldMs, 'As soon as another worker runs.');
    case 'egress-not-connected':
      return policy('never', null, 'In vain until the server has redis and an egress worker.');
    default:
      if (problem.fault === 'network')
        return policy(
          'after',
          lateAnswerMs,
          mayHaveArrived(problem)
            ? 'After half a minute: until then the server may still take it, and list it.'
            : 'Each half minute: the server cannot be reached.',
        );
      return problem.retryable
        ? policy('after', costHoldMs, 'In a quarter of a minute.')
        : policy('never', null, 'The same request would be refused again.');
  }
}

const policy = (
  when: RetryPolicy['when'],
  afterMs: number | null,
  text: string,
  causes: readonly string[] = [],
): RetryPolicy => ({ when, afterMs, text, causes });
