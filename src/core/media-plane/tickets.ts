import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../live/clock.ts';

interface Entry<T> {
  readonly secret: Buffer;
  readonly value: T;
  readonly isOnce: boolean;
  readonly diesAtMs: number;
}

/** 32 random bytes: cannot be guessed, whatever the rate. */
const secretBytes = 32;
/** More unused tickets than any window asks for; the oldest gives way. */
const maxTickets = 1_000;

/**
 * Unguessable words that open one thing each. A ticket is `<number>.<secret>`: the number finds the entry, the secret is
 * compared in constant time, so that the time of a refusal says nothing about it.
 */
export class Tickets<T> {
  readonly #clock: Clock;
  readonly #entries = new Map<string, Entry<T>>();
  #lastNumber = 0;
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** `isOnce`: the first use takes it away. Unused or not, it dies after `lifeMs`. */
  issue(value: T, options: { readonly lifeMs: number; readonly isOnce: boolean }): string {
    this.#sweep();
    const secret = randomBytes(secretBytes);
    const number = String(++this.#lastNumber);
    const diesAtMs = this.#clock.monotonicMs() + options.lifeMs;
    this.#entries.set(number, { secret, value, isOnce: options.isOnce, diesAtMs });
    return `${number}.${secret.toString('base64url')}`;
  }

  /** What the ticket opens, or undefined: never issued, used up, or too old. */
  use(ticket: string): T | undefined {
    const [number = '', given = ''] = ticket.split('.', 2);
    const entry = this.#entries.get(number);
    const secret = Buffer.from(given, 'base64url');
    if (!entry || secret.length !== secretBytes || !timingSafeEqual(secret, entry.secret)) return undefined;
    const isAlive = this.#clock.monotonicMs() < entry.diesAtMs;
    if (entry.isOnce || !isAlive) this.#entries.delete(number);
    return isAlive ? entry.value : undefined;
  }

  clear(): void {
    this.#entries.clear();
  }

  #sweep(): void {
    const nowMs = this.#clock.monotonicMs();
    for (const [number, entry] of this.#entries) if (entry.diesAtMs <= nowMs) this.#entries.delete(number);
    for (const number of this.#entries.keys()) {
      if (this.#entries.size < maxTickets) return;
      this.#entries.delete(number);
    }
  }
}
