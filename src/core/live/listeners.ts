/** Typed events. A listener that throws is reported and cannot break the emitter or its neighbours. */
export class Listeners<T> {
  readonly #all = new Set<(value: T) => void>();
  readonly #onError: (error: unknown) => void;
  constructor(
    onError: (error: unknown) => void = (error) =>
      queueMicrotask(() => {
        throw error;
      }),
  ) {
    this.#onError = onError;
  }
  get size(): number {
    return this.#all.size;
  }
  /** Returns the function that takes the listener away again. */
  on(listener: (value: T) => void): () => void {
    this.#all.add(listener);
    return () => void this.#all.delete(listener);
  }
  emit(value: T): void {
    // A copy: a listener that is added while this is told is told the next time.
    for (const listener of Array.from(this.#all)) {
      try {
        listener(value);
      } catch (error) {
        this.#onError(error);
      }
    }
  }
}
