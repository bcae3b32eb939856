import { randomBytes } from 'node:crypto';
import { createServer, type Socket } from 'node:net';
import { type AmfValue, decodeAmf, encodeAmf } from '../rtmp/amf0.ts';
import { ChunkReader, messageType, type RtmpMessage, toChunks } from '../rtmp/chunks.ts';
import { listenOn, listenOnKeptPort } from '../kept-port.ts';
import type { ReceivedTag, StreamWatcher } from './arrivals.ts';

/** An RTMP server for pushes: one publisher a key, everything that is no RTMP ends its own connection only. */
export interface RtmpReceiver {
  readonly port: number;
  /** Drops every publisher and refuses new ones (`down`), reads nothing any more (`frozen`), or serves (`up`). */
  setState(state: DestinationState): Promise<void>;
  close(): Promise<void>;
}
export type DestinationState = 'up' | 'down' | 'frozen';

const app = 'live';
const handshakeMs = 8_000;
const idleMs = 60_000;
const windowBytes = 2_500_000;
const maxConnections = 64;
/** Often, so that a sender of little notices soon when nothing is read any more: a second of the sound alone. */
const acknowledgeEveryBytes = 16 * 1024;
/** A refused peer gets so long to read why. */
const refusalMs = 300;

export async function openRtmpReceiver(watcher: StreamWatcher): Promise<RtmpReceiver> {
  const sockets = new Set<Socket>();
  const publishing = new Set<string>();
  let state: DestinationState = 'up';
  const accept = (socket: Socket): void => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    if (state === 'frozen') return void socket.on('error', () => {}); // accepted by the system, read by nobody
    serve(socket, publishing, watcher);
  };
  const server = createServer(accept);
  server.maxConnections = maxConnections;
  const port = await listenOnKeptPort(server);
  const shut = async (): Promise<void> => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return {
    port,
    setState: async (next) => {
      if (next === state) return;
      const before = state;
      state = next;
      if (next === 'frozen') for (const socket of sockets) socket.pause();
      if (next === 'down') await shut();
      else if (before === 'down') await listenOn(server, port);
      else if (before === 'frozen') for (const socket of sockets) socket.resume();
    },
    close: shut,
  };
}

function serve(socket: Socket, publishing: Set<string>, watcher: StreamWatcher): void {
  const reader = new ChunkReader();
  let greeting: Buffer = Buffer.alloc(0);
  let isGreeted = false;
  let isConnected = false;
  let isRefused = false;
  let key: string | null = null;
  let receivedBytes = 0;
  let ackedBytes = 0;
  const limit = setTimeout(() => socket.destroy(), handshakeMs);

  const reply = (type: number, payload: Buffer, streamId = 0): void => {
    socket.write(toChunks({ type, streamId, timestampMs: 0, payload }, type === messageType.command ? 3 : 2, 128));
  };
  const uint32 = (value: number, extra: readonly number[] = []): Buffer => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    return Buffer.concat([bytes, Buffer.from(extra)]);
  };
  const status = (level: 'status' | 'error', code: string, description: string): void =>
    reply(messageType.command, encodeAmf('onStatus', 0, null, { level, code, description }), 1);
  const end = (): void => {
    if (key === null) return;
    publishing.delete(key);
    watcher.ended(key);
    key = null;
  };

  const publish = (name: AmfValue | undefined): void => {
    if (!isConnected || typeof name !== 'string' || name === '' || key !== null) throw new RangeError('publish');
    if (publishing.has(name)) {
      status('error', 'NetStream.Publish.BadName', 'stream already exists');
      isRefused = true;
      setTimeout(() => socket.destroy(), refusalMs);
      return;
    }
    key = name;
    publishing.add(name);
    clearTimeout(limit);
    watcher.began(name);
    status('status', 'NetStream.Publish.Start', 'started');
  };
  const command = (values: readonly AmfValue[]): void => {
    const [name, transaction, object, argument] = values;
    if (name === 'connect') {
      if (isConnected || typeof object !== 'object' || object?.['app'] !== app) throw new RangeError('connect');
      isConnected = true;
      reply(messageType.windowSize, uint32(windowBytes));
      reply(messageType.peerBandwidth, uint32(windowBytes, [2]));
      const answer = { level: 'status', code: 'NetConnection.Connect.Success', description: 'connected' };
      reply(messageType.command, encodeAmf('_result', transaction ?? 1, { fmsVer: 'FMS/3,0,1,123' }, answer));
    } else if (name === 'createStream') reply(messageType.command, encodeAmf('_result', transaction ?? 0, null, 1));
    else if (name === 'publish') publish(argument);
    else if (name === 'deleteStream' || name === 'FCUnpublish' || name === 'closeStream') end();
  };
  const take = ({ type, payload, timestampMs }: RtmpMessage): void => {
    if (type === messageType.command) return command(decodeAmf(payload));
    if (type !== messageType.audio && type !== messageType.video && type !== messageType.data) return;
    if (key === null) throw new RangeError('media before publish');
    const tag: ReceivedTag = { type, timestampMs, body: payload };
    watcher.received(key, tag);
  };

  socket.setTimeout(idleMs, () => socket.destroy());
  socket.on('error', () => {}); // its close tells
  socket.on('data', (bytes: Buffer) => {
    if (isRefused) return;
    try {
      let rest: Buffer = bytes;
      if (!isGreeted) {
        greeting = Buffer.concat([greeting, bytes]);
        if (greeting[0] !== 3) throw new RangeError('version');
        if (greeting.length < 1537) return;
        isGreeted = true;
        const own = randomBytes(1536);
        own.fill(0, 0, 8);
        socket.write(Buffer.concat([Buffer.from([3]), own, greeting.subarray(1, 1537)]));
        rest = greeting.subarray(1537);
      }
      receivedBytes += rest.length;
      rest = skipEcho(rest);
      for (const message of reader.read(rest)) take(message);
      // Egress gives a stream up for good at its first error where nothing was ever acknowledged.
      if (receivedBytes - ackedBytes >= acknowledgeEveryBytes) {
        ackedBytes = receivedBytes;
        reply(messageType.acknowledgement, uint32(receivedBytes >>> 0));
      }
    } catch {
      socket.destroy(); // not RTMP, or not allowed: only this connection ends
    }
  });
  socket.once('close', () => {
    clearTimeout(limit);
    end();
  });

  let echoLeft = 1536;
  function skipEcho(rest: Buffer): Buffer {
    const skipped = Math.min(echoLeft, rest.length);
    echoLeft -= skipped;
    return rest.subarray(skipped);
  }
}
