import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { TLSSocket } from 'node:tls';
import { urlToHttpOptions } from 'node:url';
import type { Endpoint } from './endpoint.ts';

export interface HttpAnswer {
  readonly status: number;
  readonly contentType: string;
  /** The server's clock in Unix ms, to the second; null where it sent none. */
  readonly dateMs: number | null;
  readonly text: string;
  /** Of an encrypted connection: protocol and end of the certificate. */
  readonly tls: { readonly protocol: string; readonly validToMs: number | null } | null;
}
export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly maxAnswerBytes: number;
  /** False for what must never be done twice: it gets a connection of its own, as a kept one may just be closing. */
  readonly isRepeatable: boolean;
  readonly signal: AbortSignal;
}

/** The answer was larger than allowed; the connection was dropped. */
class AnswerTooLargeError extends Error {
  override readonly name = 'AnswerTooLargeError';
  readonly code = 'answer-too-large';
}

/** HTTP to one server over its own few connections, which `close()` ends. Node's own client: it names network errors plainly. */
export class HttpClient {
  readonly #endpoint: Endpoint;
  readonly #agent: HttpAgent | HttpsAgent;
  readonly #address: ReturnType<typeof urlToHttpOptions>;
  constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint;
    this.#address = urlToHttpOptions(new URL(endpoint.origin));
    // 16 at once: a round over 200 rooms needs no more, and a small server is not flooded.
    const options = { keepAlive: true, maxSockets: 16, timeout: 60_000 };
    this.#agent = endpoint.isTls ? new HttpsAgent(options) : new HttpAgent(options);
  }

  /** Any status is an answer; rejects only where there was none, or with the signal's reason. */
  async send(request: HttpRequest): Promise<HttpAnswer> {
    for (;;) {
      const outcome = await this.#sendOnce(request);
      if (outcome !== 'kept connection was gone') return outcome;
    }
  }

  #sendOnce(request: HttpRequest): Promise<HttpAnswer | 'kept connection was gone'> {
    const { signal } = request;
    signal.throwIfAborted();
    return new Promise((resolve, reject) => {
      const fail = (error: Error): void => reject(signal.aborted ? (signal.reason as Error) : error);
      const send = this.#endpoint.isTls ? httpsRequest : httpRequest;
      const outgoing = send(
        {
          ...this.#address,
          path: request.path,
          method: request.method,
          agent: request.isRepeatable ? this.#agent : false,
          signal,
          headers: {
            ...request.headers,
            ...(request.body === undefined ? {} : { 'content-length': String(Buffer.byteLength(request.body)) }),
          },
        },
        (incoming) => read(incoming, request.maxAnswerBytes, resolve, fail),
      );
      let isAnswered = false;
      outgoing.on('response', () => (isAnswered = true));
      outgoing.on('error', (error: NodeJS.ErrnoException) => {
        // The server may close an idle connection in the moment in which it is used again: that says nothing of the server.
        if (outgoing.reusedSocket && !isAnswered && !signal.aborted && error.code === 'ECONNRESET')
          resolve('kept connection was gone');
        else fail(error);
      });
      outgoing.end(request.body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** By events: a loop over the stream costs a fifth of a request more (measured). */
function read(
  incoming: IncomingMessage,
  maxBytes: number,
  done: (answer: HttpAnswer) => void,
  fail: (error: Error) => void,
): void {
  const { socket } = incoming;
  const tls =
    socket instanceof TLSSocket
      ? { protocol: socket.getProtocol() ?? 'TLS', validToMs: dateOrNull(socket.getPeerCertificate().valid_to) }
      : null;
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  incoming.on('data', (chunk: Buffer) => {
    sizeBytes += chunk.length;
    if (sizeBytes > maxBytes) incoming.destroy(new AnswerTooLargeError(`more than ${maxBytes} bytes`));
    else chunks.push(chunk);
  });
  incoming.on('error', fail);
  incoming.on('end', () =>
    done({
      status: incoming.statusCode ?? 0,
      contentType: incoming.headers['content-type'] ?? '',
      dateMs: dateOrNull(incoming.headers.date),
      text: Buffer.concat(chunks).toString('utf8'),
      tls,
    }),
  );
}

function dateOrNull(text: string | undefined): number | null {
  const ms = Date.parse(text ?? '');
  return Number.isNaN(ms) ? null : ms;
}
