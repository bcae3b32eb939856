import type { Clock } from '../../src/core/live/clock.ts';

/** A clock that the test moves. Waiters whose time has come are let go in order of their time, one turn apart. */
export class FakeClock implements Clock {
  #nowMs: number;
  #waiters: { atMs: number; readonly wake: () => void }[] = [];
  constructor(nowMs = 1_795_000_000_000) {
    this.#nowMs = nowMs;
  }
  nowMs(): number {
    return this.#nowMs;
  }
  monotonicMs(): number {
    return this.#nowMs;
  }
  get waiting(): number {
    return this.#waiters.length;
  }
  delay(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason as Error);
        return;
      }
      const waiter = {
        atMs: this.#nowMs + ms,
        wake: () => {
          signal?.removeEventListener('abort', onAbort);
          resolve();
        },
      };
      const onAbort = (): void => {
        this.#waiters = this.#waiters.filter((other) => other !== waiter);
        reject(signal?.reason as Error);
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#waiters.push(waiter);
    });
  }
  /** The computer sleeps: the clock on the wall goes on, and whoever waits waits for as long as before. */
  sleep(ms: number): void {
    this.#nowMs += ms;
    for (const waiter of this.#waiters) waiter.atMs += ms;
  }
  async advance(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms;
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      const next = this.#waiters.filter((waiter) => waiter.atMs <= endMs).sort((a, b) => a.atMs - b.atMs)[0];
      if (!next) break;
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      this.#waiters = this.#waiters.filter((waiter) => waiter !== next);
      next.wake();
    }
    this.#nowMs = endMs;
  }
}
