import type { CaptionSession, FeedKind, TranscriptEntry } from '../../shared/model/captions.ts';
import type { Clock } from '../live/clock.ts';
import type { Log } from '../live/log.ts';

/** What a feed of room audio tells; see its own part. Times are wall clock. */
export type FeedEvent =
  | { readonly type: 'state'; readonly state: 'connecting' | 'live' | 'reconnecting' | 'ended'; readonly text: string }
  | {
      readonly type: 'sourceOpened';
      readonly sourceId: string;
      readonly identity: string;
      readonly name: string;
      readonly trackSid: string;
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
  | { readonly type: 'muted'; readonly sourceId: string; readonly isMuted: boolean }
  | {
      readonly type: 'sourceClosed';
      readonly sourceId: string;
      readonly reason: 'left' | 'unpublished' | 'died' | 'stopped';
    };
export interface AudioFeed {
  on(listener: (event: FeedEvent) => void): () => void;
  close(): Promise<void>;
}

/** Brings many people's sound into one stream of up to 8 channels. Times are session time unless a name says otherwise. */
export interface CaptionBusPort {
  /** Wall clock of session time zero. */
  readonly startedAtMs: number;
  readonly fit: 'channels' | 'mix';
  assign(identity: string): number;
  release(identity: string): void;
  /** Who is alone on a channel; null for an empty channel and for a mix. */
  speakerOf(channel: number): string | null;
  open(source: {
    readonly sourceId: string;
    readonly identity: string;
    readonly startedAtMs: number;
    readonly lagMs: number;
  }): void;
  push(sourceId: string, firstSample: number, samples: Int16Array): void;
  closeSource(sourceId: string): void;
  close(): Promise<void>;
}
interface CaptionBusSetup {
  readonly channels: number;
  readonly lagMs: number;
  /** How long sound that is there waits for slower channels. */
  readonly holdMs: number;
  readonly clock: Clock;
  readonly log: Log;
  /** 100 ms of all channels, interleaved S16LE at 16 kHz. */
  readonly onChunk: (chunk: { readonly index: number; readonly startMs: number; readonly pcm: Buffer }) => void;
  readonly onHole: (hole: {
    readonly identity: string;
    readonly startMs: number;
    readonly endMs: number;
    readonly cause: 'late' | 'missing';
  }) => void;
  readonly onFit: (fit: 'channels' | 'mix') => void;
}
export type MakeCaptionBus = (setup: CaptionBusSetup) => CaptionBusPort;
export type MakeFeed = (serverId: string, roomName: string, kind: FeedKind) => AudioFeed;

/** The journal as captions need it. */
export interface CaptionStore {
  saveSession(session: CaptionSession, askedAtMs: number): void;
  session(id: string): CaptionSession | null;
  sessions(serverId: string, sinceMs: number): readonly CaptionSession[];
  running(): readonly CaptionSession[];
  saveEntry(sessionId: string, entry: TranscriptEntry): void;
  entries(sessionId: string): readonly TranscriptEntry[];
  noteHeard(sessionId: string, untilMs: number): void;
  lastHeardMs(sessionId: string): number;
  /** Everything that was saved can be read: false while the disk refuses. */
  isWritten(): boolean;
}
