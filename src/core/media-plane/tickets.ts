import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../live/clock.ts';

interface Entry<T> {
  readonly secret: Buffer;
  readonly value: T;
  readonly isOnce: boolean;
  readonly diesAtMs: number;
  readonly idleMs: number;
  /** Without a use until then it dies before. */
  idleAtMs: number;
}

interface TicketLife {
  /** The first use takes it away. */
  readonly isOnce: boolean;
  /** It dies so long after it was issued, */
  readonly lifeMs: number;
  /** and before that where nobody has used it for so long. */
  readonly idleMs?: number;
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

  issue(value: T, { isOnce, lifeMs, idleMs = lifeMs }: TicketLife): string {
    this.#sweep();
    const secret = randomBytes(secretBytes);
    const number = String(++this.#lastNumber);
    const nowMs = this.#clock.monotonicMs();
    this.#entries.set(number, { secret, value, isOnce, idleMs, idleAtMs: nowMs + idleMs, diesAtMs: nowMs + lifeMs });
    return `${number}.${secret.toString('base64url')}`;
  }

  /** What the ticket opens, or undefined: never issued, used up, or too old. */
  use(ticket: string): T | undefined {
    const [number = '', given = ''] = ticket.split('.', 2);
    const entry = this.#entries.get(number);
    const secret = Buffer.from(given, 'base64url');
    if (!entry || secret.length !== secretBytes || !timingSafeEqual(secret, entry.secret)) return undefined;
    const nowMs = this.#clock.monotonicMs();
    this.#entries.delete(number);
    if (isDead(entry, nowMs)) return undefined;
    entry.idleAtMs = nowMs + entry.idleMs;
    if (!entry.isOnce) this.#entries.set(number, entry); // as the newest: what is in use does not give way
    return entry.value;
  }

  clear(): void {
    this.#entries.clear();
  }

  #sweep(): void {
    const nowMs = this.#clock.monotonicMs();
    for (const [number, entry] of this.#entries) if (isDead(entry, nowMs)) this.#entries.delete(number);
    for (const number of this.#entries.keys()) {
      if (this.#entries.size < maxTickets) return;
      this.#entries.delete(number);
    }
  }
}

const isDead = ({ diesAtMs, idleAtMs }: Entry<unknown>, nowMs: number): boolean =>
  nowMs >= Math.min(diesAtMs, idleAtMs);
