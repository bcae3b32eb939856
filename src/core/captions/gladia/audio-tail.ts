/** 100 ms of all channels, interleaved, 16 kHz. */
export interface AudioChunk {
  /** Session time of its first sample, milliseconds. */
  readonly startMs: number;
  readonly pcm: Int16Array;
}

/**
 * The sound that a transcriber may still have to be sent again: chunks by number, from the oldest kept to the newest. What
 * was acknowledged stays for `keepMs` more (words that straddle a drop are sent again whole). No more than `capMs` is kept in all: then the oldest goes.
 */
export class AudioTail {
  readonly #chunkMs: number;
  readonly #capChunks: number;
  readonly #keepChunks: number;
  readonly #chunks: AudioChunk[] = [];
  #first = 0;
  #released = 0;

  constructor(options: { readonly chunkMs: number; readonly capMs: number; readonly keepMs: number }) {
    this.#chunkMs = options.chunkMs;
    this.#capChunks = Math.ceil(options.capMs / options.chunkMs);
    this.#keepChunks = Math.ceil(options.keepMs / options.chunkMs);
  }

  get chunkMs(): number {
    return this.#chunkMs;
  }
  /** Number of the oldest chunk that is kept. */
  get first(): number {
    return this.#first;
  }
  /** Number that the next chunk gets. */
  get next(): number {
    return this.#first + this.#chunks.length;
  }
  get(number: number): AudioChunk | null {
    return this.#chunks[number - this.#first] ?? null;
  }

  /** Returns the chunks from `neededFrom` on that had to go because the limit was reached. */
  push(chunk: AudioChunk, neededFrom: number): readonly AudioChunk[] {
    this.#chunks.push(chunk);
    const dropped: AudioChunk[] = [];
    while (this.#chunks.length > this.#capChunks) {
      const oldest = this.#chunks.shift();
      if (oldest && this.#first >= neededFrom) dropped.push(oldest);
      this.#first++;
    }
    return dropped;
  }

  /** Every chunk before `number` has arrived at the transcriber. Never goes back. */
  release(number: number): void {
    this.#released = Math.max(this.#released, Math.min(number, this.next));
    this.#trim();
  }

  /** The kept chunk that holds this session time, or the oldest kept one where it has gone. */
  numberAt(sessionMs: number): number {
    let number = this.next - 1;
    while (number > this.#first && (this.get(number)?.startMs ?? 0) > sessionMs) number--;
    return Math.max(number, this.#first);
  }

  #trim(): void {
    const surplus = Math.min(this.#released, this.next) - this.#keepChunks - this.#first;
    if (surplus <= 0) return;
    this.#chunks.splice(0, surplus);
    this.#first += surplus;
  }
}
