import type { WebSocket } from 'ws';
import { z } from 'zod';
import { StereoToMono } from './pcm.ts';

/**
 * Why no more sound comes. `finished`: the egress closed it (told to stop, or its track ended: both look the same here);
 * `died`: it broke, broke the rules, or fell silent on the wire; `closed`: we closed it.
 */
export interface SocketEnd {
  readonly how: 'finished' | 'died' | 'closed';
  readonly text: string;
}

export interface EgressHandlers {
  readonly onOpen: () => void;
  /** 48 kHz mono. */
  readonly onSamples: (samples: Int16Array) => void;
  readonly onMuted: (isMuted: boolean) => void;
  readonly onEnd: (end: SocketEnd) => void;
}

export interface ConnectionTimes {
  readonly pingEveryMs: number;
  /** So many pings in a row to which nothing came: dead. Counted, not timed, so that a stall of ours is none of the other's. */
  readonly deadAfterPings: number;
}

/** The only text that egress sends. */
const MutedMessage = z.object({ muted: z.boolean() });

/** One track egress that sends to us. Reads always: an egress whose receiver stalls drops sound silently. */
export class EgressConnection {
  /** Settles when the socket is gone. Never rejects. */
  readonly ended: Promise<SocketEnd>;
  readonly #socket: WebSocket;
  readonly #pcm = new StereoToMono();
  readonly #handlers: EgressHandlers;
  #lastFrameMs = performance.now();
  #unansweredPings = 0;
  #end: SocketEnd | null = null;

  constructor(socket: WebSocket, handlers: EgressHandlers, times: ConnectionTimes) {
    this.#socket = socket;
    this.#handlers = handlers;
    const alive = (): void => {
      this.#lastFrameMs = performance.now();
      this.#unansweredPings = 0;
    };
    socket.on('message', (data, isBinary) => {
      alive();
      const bytes = data as Buffer; // `nodebuffer` is the binary type of a socket unless it is changed
      if (isBinary) this.#takeSound(bytes);
      else this.#takeText(bytes);
    });
    socket.on('ping', alive);
    socket.on('pong', alive);
    const timer = setInterval(() => {
      if (this.#unansweredPings < times.deadAfterPings) {
        this.#unansweredPings++;
        socket.ping(ignore);
      } else {
        const silentS = Math.round((performance.now() - this.#lastFrameMs) / 1000);
        this.#terminate('died', `Nothing came for ${silentS} s.`);
      }
    }, times.pingEveryMs);
    socket.on('error', (error) => {
      // Of a broken rule ws tells here and closes by itself; of a broken line 'close' follows with 1006.
      this.#end ??= { how: 'died', text: `The connection broke: ${error.message}.` };
    });
    this.ended = new Promise((resolve) => {
      socket.once('close', (code) => {
        clearInterval(timer);
        const end = (this.#end ??= endOf(code));
        resolve(end);
        handlers.onEnd(end);
      });
    });
  }

  /** Ends it from our side; an egress that still runs fails then. To end one politely, stop it and wait for `ended`. */
  close(): Promise<SocketEnd> {
    this.#terminate('closed', 'Cuedesk closed the connection.');
    return this.ended;
  }

  #terminate(how: 'died' | 'closed', text: string): void {
    this.#end ??= { how, text };
    this.#socket.terminate();
  }

  #takeSound(bytes: Buffer): void {
    const samples = this.#pcm.push(bytes);
    if (samples.length > 0) this.#handlers.onSamples(samples);
  }

  #takeText(bytes: Buffer): void {
    const message = MutedMessage.safeParse(jsonOf(bytes));
    if (message.success) this.#handlers.onMuted(message.data.muted);
  }
}

/** 1005: a close frame without a code, the normal end of egress. 1006: none came, so it was killed or the line broke. */
function endOf(code: number): SocketEnd {
  if (code === 1005 || code === 1000 || code === 1001) return { how: 'finished', text: 'The egress ended.' };
  return { how: 'died', text: `The connection broke (${code}).` };
}

function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return null; // text that is none of egress: passed over by the caller
  }
}

/** A ping on a socket that is just closing fails; its end is told by 'close'. */
const ignore = (): void => {};
