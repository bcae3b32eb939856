import type { GladiaTransport, SocketHandlers } from '../../src/core/captions/gladia/transport.ts';
import type { Clock } from '../../src/core/live/clock.ts';
import { GladiaEar } from './gladia-ear.ts';

interface SimulatedSession {
  ear: GladiaEar;
  isAlive: boolean;
  connection: Connection | null;
  connectionBytes: number;
}
interface Connection {
  isOpen: boolean;
  /** When its last message to the client arrives: they come in order. */
  lastMs: number;
  readonly handlers: SocketHandlers;
}

export interface SimulatedNature {
  /** How long a message is on its way, each way. */
  readonly wayMs: () => number;
  /** Ends of ranges are part of them. */
  readonly inclusive: boolean;
  /** What is counted anew in each connection: nothing, the bytes, or everything. */
  readonly restarts: 'nothing' | 'bytes' | 'all';
}

/** Gladia on a simulated network: what is on its way when a connection drops is lost, in both directions. */
export class SimulatedGladia implements GladiaTransport {
  readonly sessions: SimulatedSession[] = [];
  connects = 0;
  refuseCreate: number | null = null;
  readonly #clock: Clock;
  readonly #nature: SimulatedNature;
  constructor(clock: Clock, nature: SimulatedNature) {
    this.#clock = clock;
    this.#nature = nature;
  }

  async create(_account: unknown, body: unknown, signal: AbortSignal): ReturnType<GladiaTransport['create']> {
    await this.#clock.delay(this.#nature.wayMs(), signal);
    if (this.refuseCreate !== null) {
      const problem = {
        code: `gladia-http-${this.refuseCreate}`,
        fault: 'destination',
        retryable: this.refuseCreate === 429 || this.refuseCreate >= 500,
        text: 'Refused.',
      } as const;
      return { ok: false, failure: { problem, retryAfterMs: null } };
    }
    const { channels } = body as { channels: number };
    const session: SimulatedSession = {
      ear: new GladiaEar(channels, (message) => this.#toClient(session.connection, message)),
      isAlive: true,
      connection: null,
      connectionBytes: 0,
    };
    this.sessions.push(session);
    return { ok: true, created: { id: String(this.sessions.length - 1), url: `sim:${this.sessions.length - 1}` } };
  }

  connect(url: string, handlers: SocketHandlers): ReturnType<GladiaTransport['connect']> {
    this.connects++;
    const session = this.sessions[Number(url.slice(4))];
    const connection: Connection = { isOpen: true, handlers, lastMs: 0 };
    let lastMs = 0;
    this.#after(() => {
      if (!session || !connection.isOpen) return;
      session.connection = connection;
      session.connectionBytes = 0;
      if (this.#nature.restarts === 'all') session.ear = session.ear.again();
      handlers.onOpen();
      if (!session.isAlive) this.#close(connection, 4403);
    });
    return {
      queuedBytes: 0,
      send: (data) => {
        // In order, and each on its way for a while of its own.
        lastMs = Math.max(lastMs, this.#clock.monotonicMs() + this.#nature.wayMs());
        void this.#clock.delay(lastMs - this.#clock.monotonicMs()).then(() => {
          if (connection.isOpen && session?.isAlive) this.#receive(session, connection, data);
        });
      },
      cut: () => {
        connection.isOpen = false;
      },
    };
  }

  collect(): ReturnType<GladiaTransport['collect']> {
    return Promise.resolve(null);
  }

  /** The network drops the newest connection, or the session ends for good (a code of 4000 or more). */
  drop(code: number, sessions: readonly SimulatedSession[] = this.sessions): void {
    for (const session of sessions) {
      if (code >= 4000) session.isAlive = false;
      if (session.connection?.isOpen) this.#close(session.connection, code);
    }
  }

  #close(connection: Connection, code: number): void {
    if (!connection.isOpen) return;
    connection.isOpen = false;
    connection.handlers.onClosed(code);
  }

  #receive(session: SimulatedSession, connection: Connection, data: Uint8Array | string): void {
    if (typeof data === 'string') {
      session.ear.flush();
      this.#toClient(connection, { type: 'stop_recording', acknowledged: true, error: null, data: null });
      this.#inOrder(connection, (open) => this.#close(open, 1000));
      session.isAlive = false;
      return;
    }
    const from = this.#nature.restarts !== 'nothing' ? session.connectionBytes : session.ear.bytes;
    const to = from + data.byteLength - (this.#nature.inclusive ? 1 : 0);
    session.connectionBytes += data.byteLength;
    const seconds = [session.ear.bytes, session.ear.bytes + data.byteLength].map(
      (bytes) => bytes / session.ear.bytesPerSecond,
    );
    this.#toClient(connection, {
      type: 'audio_chunk',
      acknowledged: true,
      error: null,
      data: { byte_range: [from, to], time_range: seconds },
    });
    session.ear.hear(data);
  }

  #toClient(connection: Connection | null, message: object): void {
    const text = JSON.stringify(message);
    this.#inOrder(connection, (open) => open.handlers.onText(text));
  }

  #inOrder(connection: Connection | null, then: (open: Connection) => void): void {
    if (!connection) return;
    connection.lastMs = Math.max(connection.lastMs, this.#clock.monotonicMs() + this.#nature.wayMs());
    void this.#clock.delay(connection.lastMs - this.#clock.monotonicMs()).then(() => {
      if (connection.isOpen) then(connection);
    });
  }

  #after(then: () => void): void {
    void this.#clock.delay(this.#nature.wayMs()).then(then);
  }
}
