import { ProblemError } from '../../../shared/model/problem-error.ts';
import type { Clock } from '../../live/clock.ts';
import { DeadlineError, withDeadline } from '../../live/deadline.ts';
import type { Log } from '../../live/log.ts';
import type { EgressCalls, EgressEnd, EgressSockets, TrackSocketLimits } from './calls.ts';
import type { EgressSource } from './egress-source.ts';

const askStartEveryMs = 500;
const askStartTimes = 6;

export interface EgressRunOptions {
  readonly roomName: string;
  readonly trackSid: string;
  readonly source: EgressSource;
  readonly calls: EgressCalls;
  readonly sockets: EgressSockets;
  readonly limits: TrackSocketLimits;
  readonly clock: Clock;
  readonly log: Log;
  /** Asked when the signal aborts: did the track go (its egress ends by itself), or must the egress be stopped? */
  readonly isGone: () => boolean;
}

/**
 * One track egress from its start to its end. Returns when the signal made it end, after its last words; throws a
 * ProblemError when it was refused, never came, or ended otherwise.
 */
export async function runEgress(options: EgressRunOptions, signal: AbortSignal): Promise<void> {
  const { source, calls, sockets, limits, clock, log, roomName, trackSid } = options;
  const opened = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<EgressEnd>();
  const place = sockets.expect({
    onOpen: () => {
      source.socketOpened();
      opened.resolve();
    },
    onSamples: (samples) => source.take(samples),
    onMuted: (isMuted) => source.setMuted(isMuted),
    onEnd: (end) => ended.resolve(end),
  });
  let egressId: string | null = null;
  let isOver = false;
  const life = new AbortController();
  try {
    // An egress whose start was given up finds its address gone, and fails by itself.
    egressId = (await calls.startTrackEgress({ roomName, trackSid, url: place.url }, signal)).egressId;
    log.info('track egress started', { roomName, trackSid, egressId });
    await withDeadline('the egress', limits.dialLimitMs, signal, () => opened.promise);
    const over = ended.promise.then(() => true);
    void askStart(options, egressId, life.signal);
    await Promise.race([over, whenAborted(signal, life.signal)]);
    if (signal.aborted) {
      isOver = await drain(options, egressId, ended.promise);
      return;
    }
    const end = await ended.promise;
    isOver = end.how === 'finished';
    // A track that went ends its egress too, and the list of people tells of it a little later.
    if (isOver) await clock.delay(limits.settleMs, signal);
    throw endProblem(end);
  } catch (error) {
    if (signal.aborted) return;
    throw error instanceof DeadlineError ? neverCame() : error;
  } finally {
    await place.close();
    if (egressId !== null && !isOver) stopBehind(options, egressId);
    life.abort();
  }
}

/** Waits for the last words. True: the egress has ended; false: it did not within the limit, or could not be stopped. */
async function drain(options: EgressRunOptions, egressId: string, ended: Promise<EgressEnd>): Promise<boolean> {
  const { limits, calls, log } = options;
  try {
    await withDeadline('the end of the egress', limits.drainLimitMs, undefined, async () => {
      if (!options.isGone()) await Promise.race([ended, calls.stopEgress(egressId)]);
      await ended;
    });
    return true;
  } catch (error) {
    log.warn('track egress did not end by itself', { egressId, why: error instanceof Error ? error.message : '' });
    return false;
  }
}

/** For an egress that may live on without a receiver. What has ended already answers with an error after 3 s: no news. */
function stopBehind({ calls, log }: EgressRunOptions, egressId: string): void {
  calls.stopEgress(egressId).catch(() => log.debug('an egress that was given up had ended already', { egressId }));
}

/** The stream's own start is known some ms after the socket opened, and sound comes 2.8 s later: time for a few questions. */
async function askStart(options: EgressRunOptions, egressId: string, life: AbortSignal): Promise<void> {
  for (let asked = 0; asked < askStartTimes && !options.source.isOpen && !life.aborted; asked++) {
    const startedAtMs = await options.calls.egressStartedAtMs(egressId).catch(() => null); // then the socket dates it
    if (startedAtMs !== null) return options.source.startTold(startedAtMs);
    await options.clock.delay(askStartEveryMs, life).catch(() => {}); // the loop sees it
  }
}

/** Listens no longer than this run lives: the signal is that of all its repetitions. */
const whenAborted = (signal: AbortSignal, life: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true, signal: life });
  });

const endProblem = (end: EgressEnd): ProblemError =>
  new ProblemError({ code: `egress-${end.how}`, fault: 'server', retryable: true, text: end.text });

const neverCame = (): ProblemError =>
  new ProblemError({
    code: 'egress-never-came',
    fault: 'network',
    retryable: true,
    text: 'LiveKit accepted the egress, but it did not connect to this computer.',
    advice: 'The egress workers must be able to reach this computer. Take the direct feed where they cannot.',
  });
