import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import type { Log } from '../../live/log.ts';
import { FrameReader, FramingError, maxMessageBytes } from '../wire/framing.ts';
import { Hello } from '../wire/messages.ts';
import { ChildConnection } from './connection.ts';

/** Before the hello nobody is trusted with more than a line. */
const strangerBytes = 1024;
const helloLimitMs = 5_000;
const maxStrangers = 8;

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** The local port at which the room child connects back: one child at a time, each with a token of its own. */
export class ChildDoor {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #log: Log;
  #expected: { readonly digest: Buffer; readonly onChild: (child: ChildConnection) => void } | null = null;
  #closing: Promise<void> | null = null;

  private constructor(server: Server, log: Log) {
    this.#server = server;
    this.#log = log;
    server.on('connection', (socket) => this.#receive(socket));
  }

  static async open(log: Log): Promise<ChildDoor> {
    const server = createServer({ noDelay: true });
    const door = new ChildDoor(server, log);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return door;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port; // it listens on TCP, so never a string
  }

  /** Makes the token of the next child; the one of the child before is void. */
  expect(onChild: (child: ChildConnection) => void): string {
    const token = randomBytes(32).toString('hex');
    this.#expected = { digest: digest(token), onChild };
    return token;
  }

  close(): Promise<void> {
    this.#closing ??= new Promise((resolve) => {
      this.#server.close(() => resolve());
      for (const socket of this.#sockets) socket.destroy();
    });
    return this.#closing;
  }

  #receive(socket: Socket): void {
    socket.on('error', () => {}); // a reset: 'close' follows and tells enough
    if (this.#sockets.size >= maxStrangers || this.#closing) {
      socket.destroy();
      return;
    }
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    let isKnown = false;
    const refuse = (reason: string): void => {
      this.#log.warn('a connection to the room child port was refused', { reason });
      socket.destroy();
    };
    const timer = setTimeout(() => refuse('no hello came'), helloLimitMs);
    socket.once('close', () => clearTimeout(timer));
    const reader = new FrameReader(() => (isKnown ? maxMessageBytes : strangerBytes));
    const onData = (chunk: Buffer): void => {
      try {
        reader.push(chunk, {
          onJson: (value) => {
            const hello = Hello.safeParse(value);
            const expected = this.#expected;
            if (!hello.success) return refuse('the first message was no hello');
            if (!expected || !timingSafeEqual(digest(hello.data.token), expected.digest)) return refuse('wrong token');
            // The reader goes with the socket, so nothing may lie behind the hello: the core speaks next.
            this.#expected = null;
            isKnown = true;
            clearTimeout(timer);
            socket.off('data', onData);
            expected.onChild(new ChildConnection(socket, reader, hello.data.program, this.#log));
          },
          onSound: () => refuse('sound came before the hello'),
        });
      } catch (error) {
        refuse(error instanceof FramingError ? error.message : 'the hello could not be read');
      }
    };
    socket.on('data', onData);
  }
}
