/** What the track-socket feed needs of others: LiveKit's egress calls and the receiver of their sound. */

export interface EgressCalls {
  /** Throws a ProblemError where LiveKit refuses. */
  readonly startTrackEgress: (
    request: { readonly roomName: string; readonly trackSid: string; readonly url: string },
    signal: AbortSignal,
  ) => Promise<{ readonly egressId: string }>;
  readonly stopEgress: (egressId: string) => Promise<unknown>;
  /** `stream_results[0].started_at` of an info that is ACTIVE or later; null before. In a STARTING one it is another time. */
  readonly egressStartedAtMs: (egressId: string) => Promise<number | null>;
}

export interface EgressEnd {
  /** `finished`: the egress closed it; `died`: it broke or fell silent; `closed`: we closed it. */
  readonly how: 'finished' | 'died' | 'closed';
  readonly text: string;
}

export interface EgressSockets {
  /** An address at which one egress may connect once. */
  readonly expect: (handlers: {
    readonly onOpen: () => void;
    /** 48 kHz mono. */
    readonly onSamples: (samples: Int16Array) => void;
    readonly onMuted: (isMuted: boolean) => void;
    readonly onEnd: (end: EgressEnd) => void;
  }) => { readonly url: string; close(): Promise<void> };
}

export interface TrackSocketLimits {
  /** From the answer of LiveKit to the socket: 0.2 to 0.3 s measured; it never comes where the address cannot be reached. */
  readonly dialLimitMs: number;
  /** From stop to the last sound: 2.8 s measured. */
  readonly drainLimitMs: number;
  /** How long the list of people may take to tell that a track has gone, after its egress ended by itself. */
  readonly settleMs: number;
}

export const usualLimits: TrackSocketLimits = { dialLimitMs: 15_000, drainLimitMs: 6_000, settleMs: 1_200 };
