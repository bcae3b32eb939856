import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { type AmfValue, decodeAmf, encodeAmf } from './amf0.ts';
import { ChunkReader, messageType, toChunks } from './chunks.ts';
import type { FlvTag } from './flv.ts';

/** A connection that publishes, as the rtmp2sink of egress does: same order of commands, same chunk streams. */
export interface RtmpPublication {
  send(tag: FlvTag): void;
  /** Bytes that the other end has said it got, or that its kernel took: something goes on. */
  readonly progressBytes: number;
  /** More is on its way than a receiver that reads would leave there. */
  readonly isBackedUp: boolean;
  /** Ends it politely. */
  close(): void;
  /** Drops the connection. */
  destroy(): void;
}

const chunkSize = 4096;
const windowBytes = 2_500_000;
const backedUpBytes = 1024 * 1024;
/**
 * A loopback takes 4 MB that nobody reads: seconds of a real stream's picture, but minutes of the small one of a
 * rehearsal. So a receiver that acknowledges every so many bytes has stopped reading when so many times as much is on its way.
 */
const lateAcknowledgements = 3;

/** Connects and publishes. Rejects in GStreamer's words; `onClosed` is called once it was open and is not any more. */
export function publishRtmp(options: {
  readonly url: string;
  readonly silentMs: number;
  readonly signal: AbortSignal;
  readonly onClosed: () => void;
}): Promise<RtmpPublication> {
  const { host, port, app, key, isSecure, tcUrl } = partsOf(options.url);
  const socket: Socket = isSecure
    ? connectTls({ host, port, rejectUnauthorized: false }) // a rehearsal's receiver signs its own certificate
    : connectTcp({ host, port });
  socket.setNoDelay(true);
  const { promise, resolve, reject } = Promise.withResolvers<RtmpPublication>();
  const reader = new ChunkReader();
  let state: 'handshake' | 'connecting' | 'open' | 'over' = 'handshake';
  let greeting: Buffer = Buffer.alloc(0);
  let ackedBytes = 0;
  let ackStepBytes = Infinity;
  let unacknowledged = 0;
  let receivedBytes = 0;

  const message = (chunkStream: number, type: number, streamId: number, payload: Buffer, timestampMs = 0): void => {
    socket.write(toChunks({ type, streamId, timestampMs, payload }, chunkStream, state === 'open' ? chunkSize : 128));
  };
  const command = (streamId: number, ...values: readonly AmfValue[]): void =>
    message(3, messageType.command, streamId, encodeAmf(...values));
  const uint32 = (value: number): Buffer => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    return bytes;
  };

  const fail = (text: string): void => {
    if (state === 'open' || state === 'over') return;
    state = 'over';
    clearTimeout(limit);
    socket.destroy();
    reject(new Error(text));
  };
  const limit = setTimeout(() => fail('Failed to connect: Socket I/O timed out'), options.silentMs);
  const giveUp = (): void => {
    socket.destroy();
    fail('Failed to connect: Operation was cancelled');
  };
  options.signal.addEventListener('abort', giveUp, { once: true });

  const answered = (values: readonly AmfValue[]): void => {
    const [name, transaction, , status] = values;
    if (name === '_error') return fail('Failed to connect: connect request failed');
    if (name === '_result' && transaction === 1) {
      message(2, messageType.windowSize, 0, uint32(windowBytes));
      command(0, 'releaseStream', 0, null, key);
      command(0, 'FCPublish', 0, null, key);
      command(0, 'createStream', 2, null);
    } else if (name === '_result' && transaction === 2) command(1, 'publish', 0, null, key, 'live');
    else if (name === 'onStatus' && typeof status === 'object' && status !== null) {
      if (status['code'] !== 'NetStream.Publish.Start') {
        return fail(
          `Failed to connect: publish denied; ${typeof status['description'] === 'string' ? status['description'] : ''}: ${JSON.stringify(status)}`,
        );
      }
      message(2, messageType.setChunkSize, 0, uint32(chunkSize));
      state = 'open';
      clearTimeout(limit);
      resolve(publication);
    }
  };

  const acknowledged = (bytes: number): void => {
    ackStepBytes = Math.max(bytes - ackedBytes, Number.isFinite(ackStepBytes) ? ackStepBytes : 0);
    ackedBytes = bytes;
  };

  const publication: RtmpPublication = {
    send: ({ type, timestampMs, body }) => {
      const isData = type === messageType.data;
      const payload = isData ? Buffer.concat([encodeAmf('@setDataFrame'), body]) : body;
      message(type === messageType.video ? 6 : isData ? 4 : 5, type, 1, payload, timestampMs);
    },
    get progressBytes() {
      return Math.max(ackedBytes, socket.bytesWritten - socket.writableLength);
    },
    get isBackedUp() {
      const onWayBytes = (socket.bytesWritten - ackedBytes) % 2 ** 32; // as the acknowledgements count
      return socket.writableLength > backedUpBytes || onWayBytes > lateAcknowledgements * ackStepBytes;
    },
    close: () => {
      if (socket.destroyed) return;
      command(0, 'FCUnpublish', 0, null, key);
      command(0, 'deleteStream', 0, null, 1);
      socket.end();
      // A receiver that does not read would keep it open for ever.
      const force = setTimeout(() => socket.destroy(), 500);
      socket.once('close', () => clearTimeout(force));
    },
    destroy: () => socket.destroy(),
  };

  socket.on(isSecure ? 'secureConnect' : 'connect', () => {
    const hello = Buffer.alloc(1537);
    hello[0] = 3;
    socket.write(hello);
  });
  socket.on('data', (bytes: Buffer) => {
    try {
      let rest: Buffer = bytes;
      if (state === 'handshake') {
        greeting = Buffer.concat([greeting, bytes]);
        if (greeting.length < 3073) return;
        socket.write(greeting.subarray(1, 1537));
        rest = greeting.subarray(3073);
        state = 'connecting';
        command(0, 'connect', 1, { app, type: 'nonprivate', flashVer: 'LNX 10,0,32,18', tcUrl });
      }
      receivedBytes += rest.length;
      unacknowledged += rest.length;
      if (unacknowledged > windowBytes / 2) {
        unacknowledged = 0;
        message(2, messageType.acknowledgement, 0, uint32(receivedBytes >>> 0));
      }
      for (const { type, payload } of reader.read(rest)) {
        if (type === messageType.acknowledgement && payload.length >= 4) acknowledged(payload.readUInt32BE());
        if (type === messageType.command) answered(decodeAmf(payload));
      }
    } catch {
      socket.destroy(); // it speaks something else than RTMP
      fail('Failed to connect: Invalid data');
    }
  });
  socket.on('error', (error: NodeJS.ErrnoException) => fail(inGstWords(error, host)));
  socket.on('close', () => {
    options.signal.removeEventListener('abort', giveUp);
    fail('Failed to connect: Connection closed');
    if (state !== 'open') return;
    state = 'over';
    options.onClosed();
  });
  return promise;
}

function partsOf(url: string) {
  const parsed = new URL(url.replace(/ live=1$/, '').replace(/^rtmp/, 'http')); // the parser knows the parts of web addresses
  const isSecure = /^rtmps:/i.test(url);
  const path = parsed.pathname.slice(1).split('/');
  const key = `${path.pop() ?? ''}${parsed.search}`;
  const app = path.join('/');
  const port = Number(new URL(url).port || (isSecure ? 443 : 1935));
  const host = parsed.hostname.replace(/^\[|\]$/g, '');
  return {
    host,
    port,
    app,
    key,
    isSecure,
    tcUrl: `${isSecure ? 'rtmps' : 'rtmp'}://${parsed.hostname}:${port}/${app}`,
  };
}

function inGstWords(error: NodeJS.ErrnoException, host: string): string {
  const causes = (error as { readonly errors?: readonly NodeJS.ErrnoException[] }).errors;
  const code = error.code ?? causes?.[0]?.code;
  if (code === 'ECONNREFUSED') return `Connection refused: Could not connect to ${host}: Connection refused`;
  if (code === 'ENOTFOUND') return `Failed to connect: Error resolving “${host}”: Name or service not known`;
  return 'Failed to connect: Connection closed';
}
