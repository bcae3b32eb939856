import type { Socket } from 'node:net';
import type { Log } from '../../live/log.ts';
import { encodeJson, type FrameReader, type SoundBlock } from '../wire/framing.ts';
import { ChildMessage, type CoreMessage, type Hello } from '../wire/messages.ts';

/** Who hears of one link. Called in order, never after `onOver`. */
export interface LinkHandlers {
  readonly onMessage: (message: ChildMessage) => void;
  readonly onSound: (block: SoundBlock) => void;
  /** The connection to the child is gone, and the link with it. */
  readonly onOver: () => void;
}

/** The core's end of the socket to one running child, after the hello: hands what comes to the link it is for. */
export class ChildConnection {
  readonly program: Hello['program'];
  /** Settles when the socket has closed: with the fault of the child, or null. Never rejects. */
  readonly closed: Promise<string | null>;
  readonly #socket: Socket;
  readonly #links = new Map<number, LinkHandlers>();
  readonly #streams = new Map<number, LinkHandlers>();
  readonly #log: Log;
  #fault: string | null = null;

  /** `reader` may hold bytes that came behind the hello. */
  constructor(socket: Socket, reader: FrameReader, program: Hello['program'], log: Log) {
    this.#socket = socket;
    this.program = program;
    this.#log = log;
    const handlers = {
      onJson: (value: unknown) => this.#take(value),
      onSound: (block: SoundBlock) => this.#streams.get(block.streamId)?.onSound(block), // of a link just left: dropped
    };
    socket.on('data', (chunk) => {
      if (this.#fault !== null) return;
      try {
        reader.push(chunk, handlers);
      } catch (error) {
        this.fail(error instanceof Error ? error.message : 'the child broke the protocol');
      }
    });
    this.closed = new Promise((resolve) => {
      socket.once('close', () => {
        const links = [...this.#links.values()];
        this.#links.clear();
        this.#streams.clear();
        for (const link of links) link.onOver();
        resolve(this.#fault);
      });
    });
  }

  open(link: number, handlers: LinkHandlers): void {
    this.#links.set(link, handlers);
    if (this.#socket.destroyed) {
      this.#links.delete(link);
      handlers.onOver();
    }
  }

  /** Nothing of this link is handed on any more. */
  forget(link: number): void {
    const handlers = this.#links.get(link);
    this.#links.delete(link);
    for (const [streamId, of] of this.#streams) if (of === handlers) this.#streams.delete(streamId);
  }

  send(message: CoreMessage): void {
    if (this.#socket.writable) this.#socket.write(encodeJson(message));
  }

  /** Closes the socket, which ends the child. */
  fail(fault: string): void {
    this.#fault ??= fault;
    this.#socket.destroy();
  }

  #take(value: unknown): void {
    const parsed = ChildMessage.safeParse(value);
    if (!parsed.success)
      throw new Error(`the child sent a message that is none: ${parsed.error.issues[0]?.message ?? ''}`);
    const message = parsed.data;
    const link = this.#links.get(message.link);
    if (!link) {
      this.#log.debug('the room child spoke of a link that is over', { link: message.link, ev: message.ev });
      return;
    }
    if (message.ev === 'streamOpened') this.#streams.set(message.streamId, link);
    if (message.ev === 'streamEnded') this.#streams.delete(message.streamId);
    link.onMessage(message);
  }
}
