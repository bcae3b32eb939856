import type { HandOverMark } from '../../../shared/model/hand-over.ts';

/**
 * Where the hand-over of one job stands. `overlapping`: the successor was asked for while the old one runs. `bridging`: no
 * session is free, or the stream cannot be doubled; the desk keeps the sound while the old one makes room. `succeeding`: the
 * old one is over, and the successor was asked for.
 */
export type HandOver = HandOverMark['at'];

/** A job as far as the hand-over has to know: `runs` once its media is proven to be kept. */
export type PartState = 'none' | 'starting' | 'runs' | 'over';

export interface HandOverSight {
  readonly nowMs: number;
  readonly endsAtMs: number;
  /** How long a session may last. */
  readonly limitMs: number;
  /** Egress sessions that are free; null where the limit is not known. */
  readonly free: number | null;
  /** The desk may keep the sound meanwhile. */
  readonly mayBridge: boolean;
  /** Its stream keys cannot be pushed to twice. */
  readonly sendsOut: boolean;
  readonly old: 'runs' | 'stopping' | 'over';
  /** Somebody has stopped one of them: then the show is to end, with all of them. */
  readonly isStopped: boolean;
  readonly successor: PartState;
  readonly successorRunsSinceMs: number | null;
  readonly bridge: PartState;
}

export type HandOverEffect =
  | { readonly do: 'startSuccessor' }
  | { readonly do: 'startBridge' }
  | { readonly do: 'stopOld' }
  | { readonly do: 'stopBridge' }
  /** The old one, its successor and the bridge, as far as they run. */
  | { readonly do: 'stopAll' }
  | { readonly do: 'tell'; readonly what: 'overlapped' | 'bridged' | 'cut' | 'not-taken-over' };

/** When what is done before a session ends. */
export interface HandOverTimes {
  readonly leadMs: number;
  readonly bridgeLeadMs: number;
  readonly overlapMs: number;
  readonly latestStopMs: number;
}

/** A session that is shorter leaves no time for a start and an overlap. */
export const shortestSessionMs = 10_000;

/** A session of some minutes or less, such as one of a rehearsal, is handed over in a part of it. */
export const handOverTimes = (limitMs: number): HandOverTimes => ({
  // A start takes 3 to 5 s and its refusal up to 25 s (measured); after a refusal there must be time for the other way.
  leadMs: Math.min(90_000, limitMs / 3),
  // Without an overlap the old one is not ended earlier than needed: its stop takes up to 3 s, a start of the desk 1 s.
  bridgeLeadMs: Math.min(30_000, limitMs / 4),
  // Media of both, so that the two files can be joined without a hole.
  overlapMs: Math.min(5_000, limitMs / 10),
  // The bridge had its time; the old one would be ended by the server anyway.
  latestStopMs: Math.min(10_000, limitMs / 10),
});

interface Step {
  readonly state: HandOver;
  readonly effects: readonly HandOverEffect[];
}

/** What to do now so that the show goes on over the session limit of a server. Pure: called again and again with what is seen. */
export function handOver(state: HandOver, sight: HandOverSight): Step {
  if (state === 'over') return stay(state);
  if (sight.isStopped) return go('over', state === 'waiting' ? [] : [{ do: 'stopAll' }]);
  switch (state) {
    case 'waiting':
      return whileWaiting(sight);
    case 'overlapping':
      return whileOverlapping(sight);
    case 'bridging':
      return whileBridging(sight);
    case 'succeeding':
      return whileSucceeding(sight);
  }
}

function whileWaiting(sight: HandOverSight): Step {
  const { old, endsAtMs, nowMs, sendsOut, free } = sight;
  const { leadMs, bridgeLeadMs } = handOverTimes(sight.limitMs);
  if (old !== 'runs') return go('over'); // it ended before its time, for another reason
  const leftMs = endsAtMs - nowMs;
  const canOverlap = !sendsOut && free !== 0;
  if (canOverlap && leftMs <= leadMs) return go('overlapping', [{ do: 'startSuccessor' }]);
  return leftMs <= bridgeLeadMs ? bridge(sight) : stay('waiting');
}

function whileOverlapping(sight: HandOverSight): Step {
  const { successor, successorRunsSinceMs, nowMs, old, endsAtMs } = sight;
  const { overlapMs, bridgeLeadMs } = handOverTimes(sight.limitMs);
  if (successor === 'runs') {
    const hasOverlap = successorRunsSinceMs !== null && nowMs - successorRunsSinceMs >= overlapMs;
    if (old !== 'runs') return go('over', [{ do: 'tell', what: 'overlapped' }]);
    if (hasOverlap) return go('over', [{ do: 'stopOld' }, { do: 'tell', what: 'overlapped' }]);
    return stay('overlapping');
  }
  if (successor === 'over')
    return old === 'over' || endsAtMs - nowMs <= bridgeLeadMs ? bridge(sight) : stay('overlapping');
  return stay('overlapping');
}

/** The desk first, then the old one makes room. */
function bridge({ mayBridge }: HandOverSight): Step {
  return go('bridging', mayBridge ? [{ do: 'startBridge' }] : []);
}

function whileBridging(sight: HandOverSight): Step {
  const { old, bridge: held, mayBridge, endsAtMs, nowMs } = sight;
  const { latestStopMs } = handOverTimes(sight.limitMs);
  if (old === 'over') return go('succeeding', [{ do: 'startSuccessor' }]);
  const isSafe = held === 'runs' || held === 'over' || !mayBridge;
  const isLast = endsAtMs - nowMs <= latestStopMs;
  return old === 'runs' && (isSafe || isLast) ? go('bridging', [{ do: 'stopOld' }]) : stay('bridging');
}

function whileSucceeding({ successor, bridge: held }: HandOverSight): Step {
  const stopBridge: readonly HandOverEffect[] = held === 'none' || held === 'over' ? [] : [{ do: 'stopBridge' }];
  if (successor === 'runs')
    return go('over', [...stopBridge, { do: 'tell', what: held === 'none' ? 'cut' : 'bridged' }]);
  // The bridge stays where the successor has nothing: it is the only copy then.
  if (successor === 'over') return go('over', [{ do: 'tell', what: 'not-taken-over' }]);
  return stay('succeeding');
}

const go = (state: HandOver, effects: readonly HandOverEffect[] = []): Step => ({ state, effects });
const stay = (state: HandOver): Step => ({ state, effects: [] });
