import { Listeners } from './listeners.ts';

/** A value that changes, with any number of readers; each gets the present value first, and skips what it was too slow for. */
export class StateCell<T> {
  #value: T;
  readonly #changed = new Listeners<T>();
  constructor(value: T) {
    this.#value = value;
  }
  get value(): T {
    return this.#value;
  }
  get readers(): number {
    return this.#changed.size;
  }
  set(value: T): void {
    this.#value = value;
    this.#changed.emit(value);
  }
  update(change: (value: T) => T): void {
    this.set(change(this.#value));
  }
  on(listener: (value: T) => void): () => void {
    return this.#changed.on(listener);
  }
  /** Yields the present value, then the newest after each change, at most once per `everyMs`. Ends quietly on the signal. */
  async *read(signal: AbortSignal, everyMs = 0): AsyncGenerator<T> {
    let fresh = true;
    let wake = (): void => {};
    const nudge = (): void => wake();
    const off = this.on(() => {
      fresh = true;
      wake();
    });
    signal.addEventListener('abort', nudge);
    try {
      while (!signal.aborted) {
        if (!fresh) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
          continue;
        }
        fresh = false;
        yield this.#value;
        if (everyMs > 0 && !signal.aborted) await pause(everyMs, signal);
      }
    } finally {
      off();
      signal.removeEventListener('abort', nudge);
    }
  }
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
