/** Keeps events in order and lets a test wait for one of them. */
export class Recorder<T> {
  readonly all: T[] = [];
  readonly #waiters = new Set<() => void>();

  readonly take = (value: T): void => {
    this.all.push(value);
    for (const wake of this.#waiters) wake();
  };

  /** A hundred blocks of sound must not hide what came before them. */
  #lastOfEachRun(): T[] {
    const kind = (value: T | undefined): unknown => (value as { type?: unknown } | undefined)?.type ?? value;
    return this.all.filter((value, index) => kind(value) !== kind(this.all[index + 1]));
  }

  /** The first event that fits, past or to come; fails with what there was instead. `from`: skip that many. */
  async until<S extends T>(
    what: string,
    fits: (value: T) => value is S,
    options?: { from?: number; limitMs?: number },
  ): Promise<S>;
  async until(what: string, fits: (value: T) => boolean, options?: { from?: number; limitMs?: number }): Promise<T>;
  async until(
    what: string,
    fits: (value: T) => boolean,
    options: { from?: number; limitMs?: number } = {},
  ): Promise<T> {
    const { from = 0, limitMs = 20_000 } = options;
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const found = this.all.slice(from).find(fits);
        if (found === undefined) return;
        done();
        resolve(found);
      };
      const done = (): void => {
        clearTimeout(timer);
        this.#waiters.delete(look);
      };
      const timer = setTimeout(() => {
        done();
        reject(new Error(`${what} did not come; last: ${JSON.stringify(this.#lastOfEachRun().slice(-12), brief)}`));
      }, limitMs);
      this.#waiters.add(look);
      look();
    });
  }
}

const brief = (_key: string, value: unknown): unknown =>
  value instanceof Int16Array ? `${value.length} samples` : value;
