import type { Clock } from '../../live/clock.ts';
import { samplesPerMs, type FeedEvent } from '../audio-feed.ts';
import { SampleClock } from '../sample-clock.ts';

/** The stream's own start lies 3 to 6 ms before the socket opens (measured); it is used where LiveKit did not tell it. */
const startBeforeOpenMs = 5;
/** Further apart than this, LiveKit's clock is not ours. */
const skewLimitMs = 2_000;

export interface EgressSourceOptions {
  readonly sourceId: string;
  readonly identity: string;
  readonly name: string;
  readonly trackSid: string;
  readonly clock: Clock;
  readonly emit: (event: FeedEvent) => void;
  /** After `sourceOpened`, before the first sound: when that sound was made. */
  readonly onFirst: (startedAtMs: number) => void;
}

/** The sound of one egress, dated. Opens with its first message, about 2.8 s after the socket. */
export class EgressSource {
  readonly #options: EgressSourceOptions;
  readonly #clock = new SampleClock();
  #socketOpenMs: number | null = null;
  #toldStartMs: number | null = null;
  #startedAtMs: number | null = null;
  #next = 0;
  #isMuted = false;
  #isClosed = false;

  constructor(options: EgressSourceOptions) {
    this.#options = options;
  }

  get isOpen(): boolean {
    return this.#startedAtMs !== null;
  }
  /** When its last sound so far was made; null before the first. */
  get endMs(): number | null {
    return this.#startedAtMs === null ? null : this.#startedAtMs + this.#next / samplesPerMs;
  }

  socketOpened(): void {
    this.#socketOpenMs = this.#options.clock.nowMs();
  }

  /** When LiveKit says that the stream began. Too late once sound has come. */
  startTold(startedAtMs: number): void {
    this.#toldStartMs = startedAtMs;
  }

  take(samples: Int16Array): void {
    if (this.#isClosed) return;
    const { sourceId, emit } = this.#options;
    const startedAtMs = this.#startedAtMs ?? this.#open(samples.length);
    const firstSample = this.#clock.number(samples.length, this.#options.clock.monotonicMs());
    if (firstSample > this.#next) {
      const cause = 'LiveKit dropped sound on the way here.';
      const [fromMs, toMs] = [startedAtMs + this.#next / samplesPerMs, startedAtMs + firstSample / samplesPerMs];
      emit({ type: 'gap', sourceId, fromMs, toMs, cause });
    }
    this.#next = firstSample + samples.length;
    emit({ type: 'pcm', sourceId, firstSample, samples });
  }

  setMuted(isMuted: boolean): void {
    if (isMuted === this.#isMuted || this.#isClosed) return;
    this.#isMuted = isMuted;
    if (this.isOpen) this.#options.emit({ type: 'muted', sourceId: this.#options.sourceId, isMuted });
  }

  close(reason: 'left' | 'unpublished' | 'died' | 'stopped'): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (this.isOpen) this.#options.emit({ type: 'sourceClosed', sourceId: this.#options.sourceId, reason });
  }

  #open(count: number): number {
    const { sourceId, identity, name, trackSid, emit, onFirst, clock } = this.#options;
    const arrivedMs = clock.nowMs();
    const openMs = this.#socketOpenMs ?? arrivedMs;
    const told = this.#toldStartMs;
    const startedAtMs = told !== null && Math.abs(told - openMs) < skewLimitMs ? told : openMs - startBeforeOpenMs;
    this.#startedAtMs = startedAtMs;
    const lagMs = Math.max(0, arrivedMs - count / samplesPerMs - startedAtMs);
    emit({ type: 'sourceOpened', sourceId, identity, name, trackSid, startedAtMs, lagMs });
    if (this.#isMuted) emit({ type: 'muted', sourceId, isMuted: true });
    onFirst(startedAtMs);
    return startedAtMs;
  }
}
