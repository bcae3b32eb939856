import type { AudioTail } from './audio-tail.ts';
import { encodeChunk } from './encode-chunk.ts';
import type { Heard } from './heard.ts';
import { bytesPerSample, sampleRateHz } from './init-body.ts';
import { SentMap } from './sent-map.ts';

interface OutboxOptions {
  readonly channels: number;
  readonly tail: AudioTail;
  /** The chunk that the session begins with. */
  readonly fromChunk: number;
  /** Chunks before this one were heard by the session before; they are heard again for the words that straddle. */
  readonly unheardFrom: number;
  /** Number of its first take; each connection is one. */
  readonly firstTake: number;
  readonly prerollMs: number;
}

interface Sent {
  readonly chunk: number;
  readonly endBytes: number;
  readonly atMs: number;
}

/** Which chunks of the tail one session was sent, which have arrived, and which became words. */
export class Outbox {
  readonly map: SentMap;
  readonly #options: OutboxOptions;
  readonly #open = new Map<string, { readonly channel: number; readonly startMs: number }>();
  #cursor: number;
  #ackedChunk: number;
  #sent: Sent[] = [];

  constructor(options: OutboxOptions) {
    this.#options = options;
    const frameBytes = options.channels * bytesPerSample;
    const bytesPerMs = (sampleRateHz / 1000) * frameBytes;
    this.map = new SentMap({ bytesPerMs, frameBytes, firstTake: options.firstTake });
    this.#cursor = options.fromChunk;
    this.#ackedChunk = Math.max(options.fromChunk, options.unheardFrom);
  }

  /** Every chunk before this one has arrived. */
  get ackedChunk(): number {
    return this.#ackedChunk;
  }
  /** The next chunk to go out. */
  get cursor(): number {
    return this.#cursor;
  }
  /** When the oldest chunk without an acknowledgement went out; null where all have one. */
  get waitingSinceMs(): number | null {
    return this.#sent[0]?.atMs ?? null;
  }
  /** Every chunk before this one has become words. */
  get unheardFrom(): number {
    if (this.#open.size === 0) return this.#ackedChunk;
    const openMs = Math.min(...Array.from(this.#open.values(), (at) => at.startMs));
    return Math.min(this.#ackedChunk, this.#options.tail.numberAt(openMs));
  }
  /**
   * The chunk from which sound must be heard again after a loss: what did not arrive, a little before it, and every
   * utterance whose final did not come, for it may have been lost on its way.
   */
  get replayFrom(): number {
    const { tail, prerollMs, fromChunk } = this.#options;
    const before = this.#ackedChunk - Math.ceil(prerollMs / tail.chunkMs);
    return Math.max(fromChunk, tail.first, Math.min(before, this.unheardFrom));
  }

  opened(isAgain: boolean): void {
    this.#sent = [];
    this.map.opened();
    if (isAgain) this.#cursor = Math.min(this.#cursor, this.replayFrom);
  }

  /** The bytes of the next chunk before `endChunk`, or null. */
  take(endChunk: number, nowMs: number): Uint8Array | null {
    const { tail, channels } = this.#options;
    // One chunk, then its acknowledgement: it tells how much of the connection before had arrived. Without it a connection
    // that dies early would leave sound at the transcriber of which nobody knows where it belongs.
    if (!this.map.isAnchored && this.#sent.length > 0) return null;
    this.#cursor = Math.max(this.#cursor, tail.first);
    const chunk = this.#cursor < endChunk ? tail.get(this.#cursor) : null;
    if (!chunk) return null;
    const bytes = encodeChunk(chunk.pcm, channels, tail.chunkMs);
    const endBytes = this.map.sent(bytes.length, chunk.startMs);
    this.#sent.push({ chunk: this.#cursor++, endBytes, atMs: nowMs });
    return bytes;
  }

  acknowledged(bytes: readonly [number, number], seconds: readonly [number, number] | null): void {
    const arrived = this.map.acknowledged(bytes, seconds);
    let count = 0;
    for (const sent of this.#sent) {
      if (sent.endBytes > arrived) break;
      this.#ackedChunk = Math.max(this.#ackedChunk, sent.chunk + 1);
      count++;
    }
    this.#sent.splice(0, count);
  }

  heard(heard: Heard): void {
    const key = `${heard.channel} ${heard.id}`;
    if (!heard.isFinal) {
      if (!this.#open.has(key)) this.#open.set(key, { channel: heard.channel, startMs: heard.startMs });
      return;
    }
    // Utterances of a channel follow each other: none that began before this one's end is still open.
    for (const [other, at] of this.#open)
      if (at.channel === heard.channel && at.startMs < heard.endMs) this.#open.delete(other);
  }
}
