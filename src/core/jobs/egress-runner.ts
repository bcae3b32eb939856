import type { Problem } from '../../shared/model/common.ts';
import type { JobRequest } from '../../shared/model/job-request.ts';
import { problemOf } from '../../shared/model/problem-error.ts';
import type { Clock } from '../live/clock.ts';
import type { Log } from '../live/log.ts';
import type { JobState } from './job-state.ts';
import type { EgressPort, EgressSnapshot } from './ports.ts';

/** Two clocks: the server's and ours. A job of ours may seem to have begun this much before it was asked for. */
const clockSkewMs = 60_000;
const stopAgainAfterMs = 3_000;

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
  signal: AbortSignal,
): Promise<StartOutcome> {
  try {
    if (job.request.kind === 'room-sound') throw new Error('the sound of a room is recorded here, never by egress');
    // A try before was never answered: the server may have taken it meanwhile.
    const earlier = job.refusal?.problem.fault === 'network' ? await port.list(signal) : [];
    const taken = findStarted(earlier, job, isKnown);
    if (taken) return { snapshot: taken };
    return { snapshot: await port.start(job.roomName, job.request, signal) };
  } catch (error) {
    signal.throwIfAborted();
    const problem = problemOf(error);
    if (problem.fault !== 'network') return { refused: problem };
    try {
      const found = findStarted(await port.list(signal), job, isKnown);
      return found ? { snapshot: found } : { refused: problem };
    } catch {
      signal.throwIfAborted();
      return { unknown: problem }; // the list could not be asked either: the next look will tell
    }
  }
}

/** The egress of a job whose Start was never answered: the same room and kind, begun no earlier, and nobody else's. */
export function findStarted(
  list: readonly EgressSnapshot[],
  job: JobState,
  isKnown: (egressId: string) => boolean,
): EgressSnapshot | undefined {
  return list.find(
    (item) =>
      item.roomName === job.roomName &&
      mayBe(job.request, item) &&
      !isKnown(item.egressId) &&
      (item.startedAtMs ?? 0) >= job.requestedAtMs - clockSkewMs,
  );
}

/** What may come of a request: the server may have been asked in the older form, or in the new one that covers every kind. */
const comesOf: Readonly<Record<JobRequest['kind'], readonly EgressSnapshot['kind'][]>> = {
  'room-composite': ['room-composite', 'v2'],
  web: ['web', 'v2'],
  participant: ['participant', 'v2'],
  'track-composite': ['track-composite', 'v2'],
  track: ['track', 'v2'],
  template: ['v2', 'room-composite'],
  media: ['v2', 'participant', 'track-composite', 'track'],
  'room-sound': [],
};

/** The kind fits, and, where the server tells whom it is of, the person or the track. */
function mayBe(request: JobRequest, item: EgressSnapshot): boolean {
  if (!comesOf[request.kind].includes(item.kind)) return false;
  const asked = item.asked?.()?.request;
  if (!asked) return true;
  if (request.kind === 'participant' && asked.kind === 'participant') return request.identity === asked.identity;
  if (request.kind === 'track' && asked.kind === 'track') return request.trackSid === asked.trackSid;
  if (request.kind === 'track-composite' && asked.kind === 'track-composite')
    return request.audioTrackSid === asked.audioTrackSid && request.videoTrackSid === asked.videoTrackSid;
  return true;
}

/**
 * Asks the server to stop, again while it cannot be reached and the job still runs. "Already over" is success: the next
 * look brings its end.
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
      if (!problem.retryable) return;
      await options.clock.delay(stopAgainAfterMs, signal).catch(() => {}); // only the signal rejects; the loop sees it
    }
  }
}
