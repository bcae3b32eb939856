import { samplesPerMs, type FeedEvent } from './audio-feed.ts';
import type { RoomStream } from './joined-room.ts';
import type { SoundBlock } from './wire/framing.ts';

/** Our connection may have been dead this long before the client noticed: 13.5 s measured. */
const unnoticedMs = 15_000;
/** A stream whose last sound is older than this when the connection is back stood still meanwhile; others sent zeros. */
const stoodStillMs = 800;
const busy = 'This computer was too busy to take the sound.';

/** How late the sound of each program arrives: rtc-child measured (35 to 96 ms, see there); a scene is sent as it is made. */
const lagMsOf = { 'rtc-child': 60, 'scene-child': 10 } as const;

export interface DirectSourceOptions {
  readonly sourceId: string;
  readonly stream: RoomStream;
  readonly name: string;
  readonly isMuted: boolean;
  readonly emit: (event: FeedEvent) => void;
  /** After `sourceOpened`, before the first sound: when that sound was made. */
  readonly onFirst: (startedAtMs: number) => void;
}

/** One track of the direct feed. Opens with its first block, whose first sample becomes sample 0. */
export class DirectSource {
  readonly sourceId: string;
  readonly stream: RoomStream;
  readonly #options: DirectSourceOptions;
  #isMuted: boolean;
  /** Number of sample 0 in the stream, once open. */
  #base: number | null = null;
  #next = 0;
  /** Where the last sound that was no zero ended. */
  #lastHeard = 0;
  /** Why the stream stood still; told with the jump of its count that follows. */
  #jumpCause = busy;

  constructor(options: DirectSourceOptions) {
    this.sourceId = options.sourceId;
    this.stream = options.stream;
    this.#options = options;
    this.#isMuted = options.isMuted;
  }

  /** When its last sound so far was made; null before the first. */
  get endMs(): number | null {
    return this.#base === null ? null : this.#msOf(this.#next);
  }

  take(block: SoundBlock): void {
    const { emit } = this.#options;
    const base = this.#base ?? this.#open(block.firstSample);
    const firstSample = block.firstSample - base;
    if (firstSample < this.#next) return; // numbered backwards: heard already
    if (firstSample > this.#next)
      emit({
        type: 'gap',
        sourceId: this.sourceId,
        fromMs: this.#msOf(this.#next),
        toMs: this.#msOf(firstSample),
        cause: this.#jumpCause,
      });
    this.#jumpCause = busy;
    this.#next = firstSample + block.samples.length;
    if (block.samples.some((sample) => sample !== 0)) this.#lastHeard = this.#next;
    emit({ type: 'pcm', sourceId: this.sourceId, firstSample, samples: block.samples });
  }

  setMuted(isMuted: boolean): void {
    if (isMuted === this.#isMuted) return;
    this.#isMuted = isMuted;
    if (this.#base !== null) this.#options.emit({ type: 'muted', sourceId: this.sourceId, isMuted });
  }

  /** The connection was away between these times while the stream went on as zeros, or stood still. */
  restored(sinceMs: number, untilMs: number, cause: string): void {
    if (this.#base === null) return;
    if (untilMs - this.#msOf(this.#next) > stoodStillMs) {
      this.#jumpCause = cause;
      return;
    }
    if (this.#isMuted) return;
    const fromMs = Math.min(sinceMs, Math.max(this.#msOf(this.#lastHeard), sinceMs - unnoticedMs));
    if (fromMs < untilMs) this.#options.emit({ type: 'gap', sourceId: this.sourceId, fromMs, toMs: untilMs, cause });
  }

  end(reason: 'left' | 'unpublished' | 'died' | 'stopped'): void {
    if (this.#base !== null) this.#options.emit({ type: 'sourceClosed', sourceId: this.sourceId, reason });
  }

  #open(base: number): number {
    const { stream, sourceId, name, emit, onFirst } = this.#options;
    this.#base = base;
    const startedAtMs = this.#msOf(0);
    const { identity, trackSid } = stream;
    emit({ type: 'sourceOpened', sourceId, identity, name, trackSid, startedAtMs, lagMs: lagMsOf[stream.program] });
    if (this.#isMuted) emit({ type: 'muted', sourceId, isMuted: true });
    onFirst(startedAtMs);
    return base;
  }

  #msOf(sample: number): number {
    return this.stream.atMs + ((this.#base ?? 0) + sample) / samplesPerMs;
  }
}
