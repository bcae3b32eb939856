import type { Backoff } from '../../live/backoff.ts';

/** Every wait and bound of the bridge, in one place; a test shortens them. */
export interface GladiaLimits {
  readonly createTimeoutMs: number;
  readonly handshakeTimeoutMs: number;
  readonly backoff: Backoff;
  /** A connection that lasted this long counts as healthy: the next failure begins the back-off anew. */
  readonly healthyAfterMs: number;
  /** The oldest sound that was sent and not acknowledged may be this old; then the connection counts as dead. */
  readonly ackTimeoutMs: number;
  /** Sound that had arrived is sent again from so long before, so that a word that straddles the drop is heard whole. */
  readonly prerollMs: number;
  readonly stopTimeoutMs: number;
  readonly collectTimeoutMs: number;
  readonly pingEveryMs: number;
  readonly pongTimeoutMs: number;
  /** Sound waits here, not in the socket, beyond this. */
  readonly maxSocketBytes: number;
  readonly maxMessageBytes: number;
}

export const gladiaLimits: GladiaLimits = {
  createTimeoutMs: 10_000,
  handshakeTimeoutMs: 10_000,
  backoff: { firstMs: 300, factor: 2, maxMs: 10_000, jitter: 0.3 },
  healthyAfterMs: 5_000,
  ackTimeoutMs: 10_000,
  prerollMs: 2_000,
  stopTimeoutMs: 15_000,
  collectTimeoutMs: 10_000,
  pingEveryMs: 15_000,
  pongTimeoutMs: 10_000,
  maxSocketBytes: 1 << 20,
  maxMessageBytes: 16 << 20,
};
