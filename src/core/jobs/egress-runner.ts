import type { Problem } from '../../shared/model/common.ts';
import { problemOf } from '../../shared/model/problem-error.ts';
import type { Clock } from '../live/clock.ts';
import type { Log } from '../live/log.ts';
import { findStarted } from './find-started.ts';
import type { JobState } from './job-state.ts';
import type { EgressPort, EgressSnapshot } from './ports.ts';
import { isUnclear, mayHaveArrived } from './retry-policy.ts';

export const stopAgainAfterMs = 3_000;
/** A refusal that does not pass by itself, such as of a wrong key: somebody has to do something about it first. */
const stopRefusedAgainAfterMs = 30_000;

export type StartOutcome =
  { readonly snapshot: EgressSnapshot } | { readonly refused: Problem } | { readonly unknown: Problem };

/**
 * Asks the server to record. An answer that never came says nothing about the job: then the server's list is asked.
 * Never rejects, but for the signal.
 */
export async function startEgress(
  port: EgressPort,
  job: JobState,
  isKnown: (egressId: string) => boolean,
  twinOf: (addressId: string) => string | null,
  signal: AbortSignal,
): Promise<StartOutcome> {
  try {
    if (job.request.kind === 'room-sound') throw new Error('the sound of a room is recorded here, never by egress');
    // A try before was never answered: the server may have taken it meanwhile.
    const earlier = job.refusal && isUnclear(job.refusal.problem) ? await port.list(signal) : [];
    const taken = findStarted(earlier, job, isKnown, twinOf);
    if (taken) return { snapshot: taken };
    return { snapshot: await port.start(job.roomName, job.request, signal) };
  } catch (error) {
    signal.throwIfAborted();
    const problem = problemOf(error);
    if (!mayHaveArrived(problem)) return { refused: problem };
    try {
      const found = findStarted(await port.list(signal), job, isKnown, twinOf);
      return found ? { snapshot: found } : { refused: problem };
    } catch {
      signal.throwIfAborted();
      // The list could not be asked either: where no answer came the next look will tell.
      return problem.fault === 'network' ? { unknown: problem } : { refused: problem };
    }
  }
}

/**
 * Asks the server to stop, again until it has taken it or the job is over: a stop that was asked for stays asked for.
 * "Already over" is success: the next look brings its end.
 */
export async function stopEgress(
  port: EgressPort,
  egressId: string,
  options: {
    readonly isOver: () => boolean;
    readonly clock: Clock;
    readonly log: Log;
    readonly onSnapshot: (snapshot: EgressSnapshot) => void;
    readonly onRefused: (problem: Problem) => void;
  },
  signal: AbortSignal,
): Promise<void> {
  while (!options.isOver() && !signal.aborted) {
    try {
      const snapshot = await port.stop(egressId, signal);
      if (snapshot) options.onSnapshot(snapshot);
      return;
    } catch (error) {
      if (signal.aborted) return;
      const problem = problemOf(error);
      options.log.warn('The server did not take the stop', { egressId, code: problem.code });
      options.onRefused(problem);
      const afterMs = problem.retryable ? stopAgainAfterMs : stopRefusedAgainAfterMs;
      await options.clock.delay(afterMs, signal).catch(() => {}); // only the signal rejects; the loop sees it
    }
  }
}
