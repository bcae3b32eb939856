import type { Clock } from '../live/clock.ts';
import { settleAloneMs, settleMs } from './caption-timing.ts';
import type { AudioChunk } from './gladia/audio-tail.ts';
import type { Transcriber } from './transcriber.ts';

interface SettlingOptions {
  readonly makeTranscriber: () => Transcriber;
  /** The room has settled: `open` makes the transcriber, where there is still need of one. */
  readonly onSettled: () => void;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * The transcriber of a caption session. The first people of a room arrive together, and it opens once they are there, with a
 * channel for each of them; a room where nobody comes gets one a little later. Sound before that waits for it.
 */
export class SettlingTranscriber {
  readonly #options: SettlingOptions;
  #transcriber: Transcriber | null = null;
  #early: AudioChunk[] = [];
  #hasPeople = false;

  constructor(options: SettlingOptions) {
    this.#options = options;
    this.#settleIn(settleAloneMs);
  }

  /** Somebody is there. */
  people(): void {
    if (this.#transcriber || this.#hasPeople) return;
    this.#hasPeople = true;
    this.#settleIn(settleMs);
  }
  /** Safe to repeat. */
  open(): void {
    if (this.#transcriber) return;
    this.#transcriber = this.#options.makeTranscriber();
    const early = this.#early;
    this.#early = [];
    for (const chunk of early) this.#transcriber.push(chunk);
  }

  /** Sound came, and no transcriber has it yet. */
  get hasWaiting(): boolean {
    return this.#transcriber === null && this.#early.length > 0;
  }
  push(chunk: AudioChunk): void {
    if (this.#transcriber) this.#transcriber.push(chunk);
    else this.#early.push(chunk); // settleAloneMs is its limit
  }

  /** As many channels as it has; null before it is open. */
  get channels(): number | null {
    return this.#transcriber?.channels ?? null;
  }
  setChannels(channels: number): void {
    this.#transcriber?.setChannels(channels);
  }
  distrust(): void {
    this.#transcriber?.distrust();
  }
  async stop(): Promise<void> {
    await this.#transcriber?.stop();
  }
  async close(): Promise<void> {
    await this.#transcriber?.close();
  }

  #settleIn(ms: number): void {
    const { clock, signal, onSettled } = this.#options;
    clock.delay(ms, signal).then(onSettled, () => {}); // ended before: who ends it opens it where sound waits
  }
}
