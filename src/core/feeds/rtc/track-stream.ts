import { performance } from 'node:perf_hooks';
import type { ReadableStreamDefaultReader } from 'node:stream/web';
import { AudioStream, type AudioFrame, type RemoteTrack } from '@livekit/rtc-node';
import { SampleClock } from '../sample-clock.ts';
import type { SoundBlock } from '../wire/framing.ts';

/**
 * From the first sample of a block made to the block here: 35 to 63 ms for one publisher by rtc-node, 50 to 96 for a browser, steady within one
 * connection (measured on loopback). The middle of it; it dates sample 0.
 */
const directLagMs = 60;
const blockMs = 10;

export interface TrackStreamOptions {
  readonly streamId: number;
  readonly track: RemoteTrack;
  /** Before the first block; `atMs` is when the sound of sample 0 was made. */
  readonly onOpened: (atMs: number) => void;
  readonly onSound: (block: SoundBlock) => void;
  /** The stream ended by itself: its track went. Not called after `end`. */
  readonly onEnded: () => void;
}

/** Reads one audio track as 48 kHz mono in blocks of 10 ms until it ends or is ended. */
export class TrackStream {
  readonly streamId: number;
  readonly #reader: ReadableStreamDefaultReader<AudioFrame>;
  #isOpen = false;
  #isEnded = false;

  constructor(options: TrackStreamOptions) {
    this.streamId = options.streamId;
    const stream = new AudioStream(options.track, { sampleRate: 48_000, numChannels: 1, frameSizeMs: blockMs });
    this.#reader = stream.getReader();
    void this.#pump(options);
  }

  /** True once `onOpened` was called. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /**
   * By hand, since an open stream neither ends nor fails when we are removed or the server stops (measured): its reader
   * would wait for ever.
   */
  end(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#reader.cancel().catch(() => {}); // a stream that its track closed already: nothing is left to cancel
  }

  async #pump(options: TrackStreamOptions): Promise<void> {
    const clock = new SampleClock();
    try {
      for (;;) {
        const { done, value } = await this.#reader.read();
        if (done || this.#isEnded) break;
        if (!this.#isOpen) {
          this.#isOpen = true;
          options.onOpened(Date.now() - directLagMs);
        }
        const firstSample = clock.number(value.samplesPerChannel, performance.now());
        options.onSound({ streamId: this.streamId, firstSample, samples: value.data });
      }
    } catch {
      // A native stream that fails has no more to say than that it is over, which is told below.
    }
    if (this.#isEnded) return;
    this.#isEnded = true;
    options.onEnded();
  }
}
