import type { Problem } from '../../shared/model/common.ts';

/** What the recorder needs of a feed; other events are passed over. Times are wall clock; sound is 48 kHz mono. */
export type RecordedEvent =
  | {
      readonly type: 'state';
      readonly state: 'connecting' | 'live' | 'reconnecting' | 'ended';
      readonly text?: string;
      /** Why, where something made it so. */
      readonly problem?: Problem;
    }
  | {
      readonly type: 'sourceOpened';
      readonly sourceId: string;
      readonly identity: string;
      readonly name: string;
      readonly startedAtMs: number;
      readonly lagMs: number;
    }
  | { readonly type: 'pcm'; readonly sourceId: string; readonly firstSample: number; readonly samples: Int16Array }
  | {
      readonly type: 'gap';
      readonly sourceId: string;
      readonly fromMs: number;
      readonly toMs: number;
      readonly cause: string;
    }
  | { readonly type: 'sourceClosed'; readonly sourceId: string }
  | { readonly type: 'muted' };

export interface RecordedFeed {
  on(listener: (event: RecordedEvent) => void): () => void;
}

/** Where a block of a source belongs on the shared sample clock; `holeFrom < at` where sound before it is missing. */
interface PlacedSound {
  readonly at: number;
  readonly samples: Int16Array;
  readonly holeFrom: number;
}
/** Puts the blocks of one source onto the shared clock. Times are of a clock that never jumps. */
export interface SoundPlacer {
  place(firstSample: number, samples: Int16Array, nowMs: number): PlacedSound;
}
/** Adds sources that arrive in any order, and gives the sum out in order. */
export interface SoundSum {
  readonly base: number;
  readonly filledTo: number;
  /** Ends within `base` + its capacity; what lies before `base` is not added. */
  add(at: number, samples: Int16Array): number;
  take(count: number, output: Int16Array): boolean;
  skip(count: number): void;
}
export interface SoundLevel {
  readonly peakTenths: number;
  readonly rmsTenths: number;
  add(samples: Int16Array): void;
  read(): void;
}
/** What the recorder needs of the sound part of the core; `console.ts` supplies it. */
export interface SoundTools {
  placer(options: { readonly originMs: number; readonly startedAtMs: number; readonly lagMs: number }): SoundPlacer;
  sum(capacity: number, base: number): SoundSum;
  level(): SoundLevel;
}

export const sampleRateHz = 48_000;
export const samplesPerMs = 48;
