/** Where the hand-over of one job stands. */
export type HandOver =
  | { readonly at: 'waiting' }
  /** The successor was asked for while the old one runs. */
  | { readonly at: 'overlapping' }
  /** No session is free, or the stream cannot be doubled: the desk keeps the sound while the old one makes room. */
  | { readonly at: 'bridging' }
  /** The old one is over, and the successor was asked for. */
  | { readonly at: 'succeeding' }
  | { readonly at: 'over' };

/** A job as far as the hand-over has to know: `runs` once its media is proven to be kept. */
export type PartState = 'none' | 'starting' | 'runs' | 'over';

export interface HandOverSight {
  readonly nowMs: number;
  readonly endsAtMs: number;
  /** Egress sessions that are free; null where the limit is not known. */
  readonly free: number | null;
  /** The desk may keep the sound meanwhile. */
  readonly mayBridge: boolean;
  /** Its stream keys cannot be pushed to twice. */
  readonly sendsOut: boolean;
  readonly old: 'runs' | 'stopping' | 'over';
  /** The producer has stopped it: then nothing takes over. */
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
  | { readonly do: 'tell'; readonly what: 'overlapped' | 'bridged' | 'cut' | 'not-taken-over' };

/** A start takes 3 to 5 s and its refusal up to 25 s (measured); after a refusal there must be time for the other way. */
export const leadMs = 90_000;
/** Without an overlap the old one is not ended earlier than needed: its stop takes up to 3 s, a start of the desk 1 s. */
export const bridgeLeadMs = 30_000;
/** Media of both, so that the two files can be joined without a hole. */
export const overlapMs = 5_000;
/** The bridge had its time; the old one would be ended by the server anyway. */
const latestStopMs = 10_000;

interface Step {
  readonly state: HandOver;
  readonly effects: readonly HandOverEffect[];
}

/** What to do now so that the show goes on over the session limit of a server. Pure: called again and again with what is seen. */
export function handOver(state: HandOver, sight: HandOverSight): Step {
  if (state.at === 'over') return stay(state);
  if (sight.isStopped) return go({ at: 'over' }, sight.bridge === 'none' ? [] : [{ do: 'stopBridge' }]);
  switch (state.at) {
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
  if (old !== 'runs') return go({ at: 'over' }); // it ended before its time, for another reason
  const leftMs = endsAtMs - nowMs;
  const canOverlap = !sendsOut && free !== 0;
  if (canOverlap && leftMs <= leadMs) return go({ at: 'overlapping' }, [{ do: 'startSuccessor' }]);
  return leftMs <= bridgeLeadMs ? bridge(sight) : stay({ at: 'waiting' });
}

function whileOverlapping(sight: HandOverSight): Step {
  const { successor, successorRunsSinceMs, nowMs, old, endsAtMs } = sight;
  if (successor === 'runs') {
    const hasOverlap = successorRunsSinceMs !== null && nowMs - successorRunsSinceMs >= overlapMs;
    if (old !== 'runs') return go({ at: 'over' }, [{ do: 'tell', what: 'overlapped' }]);
    if (hasOverlap) return go({ at: 'over' }, [{ do: 'stopOld' }, { do: 'tell', what: 'overlapped' }]);
    return stay({ at: 'overlapping' });
  }
  if (successor === 'over')
    return old === 'over' || endsAtMs - nowMs <= bridgeLeadMs ? bridge(sight) : stay({ at: 'overlapping' });
  return stay({ at: 'overlapping' });
}

/** The desk first, then the old one makes room. */
function bridge({ mayBridge }: HandOverSight): Step {
  return go({ at: 'bridging' }, mayBridge ? [{ do: 'startBridge' }] : []);
}

function whileBridging(sight: HandOverSight): Step {
  const { old, bridge: held, mayBridge, endsAtMs, nowMs } = sight;
  if (old === 'over') return go({ at: 'succeeding' }, [{ do: 'startSuccessor' }]);
  const isSafe = held === 'runs' || held === 'over' || !mayBridge;
  const isLast = endsAtMs - nowMs <= latestStopMs;
  return old === 'runs' && (isSafe || isLast) ? go({ at: 'bridging' }, [{ do: 'stopOld' }]) : stay({ at: 'bridging' });
}

function whileSucceeding({ successor, bridge: held }: HandOverSight): Step {
  const stopBridge: readonly HandOverEffect[] = held === 'none' || held === 'over' ? [] : [{ do: 'stopBridge' }];
  if (successor === 'runs')
    return go({ at: 'over' }, [...stopBridge, { do: 'tell', what: held === 'none' ? 'cut' : 'bridged' }]);
  // The bridge stays where the successor has nothing: it is the only copy then.
  if (successor === 'over') return go({ at: 'over' }, [{ do: 'tell', what: 'not-taken-over' }]);
  return stay({ at: 'succeeding' });
}

const go = (state: HandOver, effects: readonly HandOverEffect[] = []): Step => ({ state, effects });
const stay = (state: HandOver): Step => ({ state, effects: [] });
