/**
 * A queue with a limit between a producer that must not wait and one reader. When full the oldest item goes; what went is
 * counted, and the reader is told by `dropped`.
 */
export class BoundedQueue<T> {
  readonly #limit: number;
  readonly #items: T[] = [];
  #wake: (() => void) | null = null;
  #ended = false;
  #dropped = 0;
  constructor(limit: number) {
    this.#limit = limit;
  }
  get length(): number {
    return this.#items.length;
  }
  get dropped(): number {
    return this.#dropped;
  }
  push(item: T): void {
    if (this.#ended) return;
    if (this.#items.length >= this.#limit) {
      this.#items.shift();
      this.#dropped++;
    }
    this.#items.push(item);
    this.#wake?.();
  }
  /** No more items: the reader takes what is left and ends. */
  end(): void {
    this.#ended = true;
    this.#wake?.();
  }
  /** Reads until `end()` or the signal; ends quietly on the signal. One reader at a time. */
  async *read(signal?: AbortSignal): AsyncGenerator<T> {
    const onAbort = (): void => this.#wake?.();
    signal?.addEventListener('abort', onAbort);
    try {
      for (;;) {
        while (this.#items.length > 0 && !signal?.aborted) yield this.#items.shift() as T; // length was checked
        if (this.#ended || signal?.aborted) return;
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        this.#wake = null;
      }
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  }
}
