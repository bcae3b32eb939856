import { connect, type Socket } from 'node:net';
import { encodeJson, encodeSound, FrameReader, type SoundBlock } from '../wire/framing.ts';
import { CoreMessage } from '../wire/messages.ts';

/** Sound that may wait in the socket: about 20 s of one speaker. Beyond it blocks are dropped, and their numbers tell it. */
const soundLimitBytes = 2 * 1024 * 1024;
/** A core that reads nothing while this much piles up is dead. */
const messageLimitBytes = 16 * 1024 * 1024;
const connectLimitMs = 5_000;

export interface CoreSocketHandlers {
  readonly onMessage: (message: CoreMessage) => void;
  /** The socket closed, for whatever reason: the child has no owner any more. */
  readonly onClosed: (why: string) => void;
}

/** The child's end of the socket to the core. Sending never waits. */
export class CoreSocket {
  readonly #socket: Socket;
  #why = 'the core closed the socket';

  constructor(port: number, handlers: CoreSocketHandlers) {
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true });
    this.#socket.setTimeout(connectLimitMs, () => this.fail('the core did not answer'));
    this.#socket.once('connect', () => this.#socket.setTimeout(0));
    const reader = new FrameReader();
    this.#socket.on('data', (chunk) => {
      try {
        reader.push(chunk, {
          onJson: (value) => handlers.onMessage(CoreMessage.parse(value)),
          onSound: () => this.fail('the core sent sound'),
        });
      } catch (error) {
        // A zod error names fields and rules, never the value of a token.
        this.fail(error instanceof Error ? error.message : 'the core broke the protocol');
      }
    });
    this.#socket.on('error', (error) => {
      this.#why = error.message;
    });
    this.#socket.once('close', () => handlers.onClosed(this.#why));
  }

  send(message: Readonly<Record<string, unknown>>): void {
    if (this.#socket.writableLength > messageLimitBytes) this.fail('the core reads nothing');
    else if (this.#socket.writable) this.#socket.write(encodeJson(message));
  }

  /** Drops the block where the core is too slow. */
  sendSound(block: SoundBlock): void {
    if (this.#socket.writable && this.#socket.writableLength < soundLimitBytes) this.#socket.write(encodeSound(block));
  }

  fail(why: string): void {
    this.#why = why;
    this.#socket.destroy();
  }

  /** Sends what is left, then closes. */
  end(): void {
    this.#socket.end();
  }
}
