import type { Problem } from '../../shared/model/common.ts';

/** What every feed of room audio tells. Times are wall clock milliseconds of this computer; sound is 48 kHz mono. */
export type FeedEvent =
  | {
      readonly type: 'state';
      readonly state: 'connecting' | 'live' | 'reconnecting' | 'ended';
      /** One sentence for the page. */
      readonly text: string;
      /** Where it is about one person only: who. */
      readonly identity?: string;
      readonly problem?: Problem;
    }
  | {
      readonly type: 'sourceOpened';
      readonly sourceId: string;
      readonly identity: string;
      readonly name: string;
      readonly trackSid: string;
      /** When the sound of sample 0 was made. */
      readonly startedAtMs: number;
      /** How much later than made its sound arrives here. */
      readonly lagMs: number;
    }
  | { readonly type: 'pcm'; readonly sourceId: string; readonly firstSample: number; readonly samples: Int16Array }
  /** A hole in this source that is over. It may lie before the source's first sample: then the person was heard before. */
  | {
      readonly type: 'gap';
      readonly sourceId: string;
      readonly fromMs: number;
      readonly toMs: number;
      readonly cause: string;
    }
  | { readonly type: 'muted'; readonly sourceId: string; readonly isMuted: boolean }
  | {
      readonly type: 'sourceClosed';
      readonly sourceId: string;
      readonly reason: 'left' | 'unpublished' | 'died' | 'stopped';
    };

/** One way in which the sound of a room comes here. A person that drops and comes back is a new source of the same identity. */
export interface AudioFeed {
  readonly kind: 'direct' | 'track-socket';
  /** Listeners hear everything from `open` on if they are added in the same turn. */
  on(listener: (event: FeedEvent) => void): () => void;
  /** Ends it politely: what was spoken before still comes, then everything is closed. */
  close(): Promise<void>;
}

export const samplesPerMs = 48;
