import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, STATUS_CODES, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { Listeners } from '../../live/listeners.ts';
import type { Log } from '../../live/log.ts';
import { EgressConnection, type ConnectionTimes, type EgressHandlers } from './connection.ts';

/** Egress sends 1,920 bytes a message. */
const maxMessageBytes = 64 * 1024;
const maxConnections = 256;
const headLimitMs = 5_000;
const pathPrefix = '/egress/';

export interface EgressReceiverOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** Host and port under which the egress workers reach us, where that is not where we listen. */
  readonly publicAddress?: string;
  readonly times?: ConnectionTimes;
  readonly log: Log;
}

/** Where one egress may connect, once. The URL holds a secret: LiveKit shows it in its lists, no log of ours does. */
export interface Expected {
  readonly url: string;
  /** Takes the address back, and ends the connection if there is one. Resolves when it is gone. */
  close(): Promise<void>;
}

interface Place {
  readonly digest: Buffer;
  readonly handlers: EgressHandlers;
  connection: EgressConnection | null;
}

export interface Refusal {
  readonly reason:
    'not-websocket' | 'unknown-address' | 'used-address' | 'wrong-format' | 'malformed' | 'too-slow' | 'full';
  readonly text: string;
}

const refusals: Readonly<Record<Refusal['reason'], { readonly status: number; readonly text: string }>> = {
  'not-websocket': { status: 426, text: 'This address takes the WebSocket of a LiveKit track egress.' },
  'unknown-address': { status: 404, text: 'No egress is expected at this address.' },
  'used-address': { status: 409, text: 'An egress has used this address already.' },
  'wrong-format': {
    status: 415,
    text: 'Only the raw sound of a track egress is taken here (Content-Type audio/x-raw).',
  },
  malformed: { status: 400, text: 'That was no HTTP request.' },
  'too-slow': { status: 408, text: 'The request took too long.' },
  full: { status: 503, text: 'No more connections are taken.' },
};

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Receives the sound of Track Egress: PCM over WebSocket, one address for each expected egress. */
export class EgressReceiver {
  /** What was turned away, and why. */
  readonly refused: Listeners<Refusal>;
  readonly #options: EgressReceiverOptions;
  readonly #server: Server;
  readonly #upgrader = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false, // egress offers none, and its client could not keep what ws would agree to
    maxPayload: maxMessageBytes,
    clientTracking: false,
  });
  readonly #places = new Set<Place>();
  readonly #times: ConnectionTimes;
  #closing: Promise<void> | null = null;

  private constructor(options: EgressReceiverOptions) {
    this.#options = options;
    this.#times = options.times ?? { pingEveryMs: 8_000, deadAfterPings: 3 };
    this.refused = new Listeners((error) => options.log.error('a listener of the receiver failed', {}, error));
    this.#server = createServer({
      headersTimeout: headLimitMs,
      requestTimeout: headLimitMs,
      connectionsCheckingInterval: 1_000,
      maxHeaderSize: 8 * 1024,
      keepAlive: false,
    });
    this.#server.maxConnections = maxConnections;
    this.#server.on('drop', () => this.#tell('full'));
    this.#server.on('request', (request, response) => {
      this.#tell('not-websocket');
      request.resume();
      const { status, text } = refusals['not-websocket'];
      response.writeHead(status, { connection: 'close', 'content-type': 'text/plain; charset=utf-8' }).end(`${text}\n`);
    });
    this.#server.on('clientError', (error: NodeJS.ErrnoException, socket) =>
      this.#refuse(socket, error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 'too-slow' : 'malformed'),
    );
    this.#server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
  }

  /** Fails where the port is taken. */
  static async open(options: EgressReceiverOptions): Promise<EgressReceiver> {
    const receiver = new EgressReceiver(options);
    receiver.#server.listen(options.port, options.host);
    await once(receiver.#server, 'listening');
    return receiver;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port; // it listens on TCP, so never a string
  }

  expect(handlers: EgressHandlers): Expected {
    if (this.#closing) throw new Error('the receiver is closed');
    const token = randomBytes(32).toString('base64url');
    const place: Place = { digest: digest(token), handlers, connection: null };
    this.#places.add(place);
    return {
      url: `ws://${this.#options.publicAddress ?? `${this.#options.host}:${this.port}`}${pathPrefix}${token}`,
      close: async () => {
        this.#places.delete(place);
        await place.connection?.close();
      },
    };
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const stopped = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    const connections = [...this.#places].map(async (place) => place.connection?.close());
    this.#places.clear();
    this.#server.closeAllConnections();
    await Promise.all(connections);
    await stopped;
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', ignore); // until the WebSocket takes it over; 'close' follows
    const path = request.url?.split('?')[0] ?? '';
    if (!path.startsWith(pathPrefix)) return this.#refuse(socket, 'unknown-address');
    const place = this.#placeOf(path.slice(pathPrefix.length));
    if (!place) return this.#refuse(socket, 'unknown-address');
    if (request.headers['content-type'] !== 'audio/x-raw') return this.#refuse(socket, 'wrong-format');
    if (place.connection) return this.#refuse(socket, 'used-address');
    this.#upgrader.handleUpgrade(request, socket, head, (webSocket) => {
      socket.off('error', ignore);
      // In the turn of the check above, since ws calls back at once: no second one can come between.
      place.connection = new EgressConnection(webSocket, place.handlers, this.#times);
      place.handlers.onOpen();
    });
  }

  /** Compares with each in constant time; there are as many as tracks. */
  #placeOf(token: string): Place | null {
    const wanted = digest(token);
    let found: Place | null = null;
    for (const place of this.#places) if (timingSafeEqual(place.digest, wanted)) found = place;
    return found;
  }

  #refuse(socket: Duplex, reason: Refusal['reason']): void {
    if (!socket.writable) {
      socket.destroy(); // refused already: the parser fails again on each piece of what follows
      return;
    }
    this.#tell(reason);
    const { status, text } = refusals[reason];
    const head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8`;
    socket.end(`${head}\r\nContent-Length: ${Buffer.byteLength(text) + 1}\r\n\r\n${text}\n`);
    // Who does not read the answer and keeps sending would hold the socket for ever.
    socket.once('finish', () => socket.destroy());
  }

  #tell(reason: Refusal['reason']): void {
    const { text } = refusals[reason];
    this.#options.log.warn('a connection to the egress receiver was refused', { reason });
    this.refused.emit({ reason, text });
  }
}

const ignore = (): void => {};
