/** RTMP messages in chunks, both ways. */
export interface RtmpMessage {
  readonly type: number;
  readonly streamId: number;
  readonly timestampMs: number;
  readonly payload: Buffer;
}

export const messageType = {
  setChunkSize: 1,
  acknowledgement: 3,
  control: 4,
  windowSize: 5,
  peerBandwidth: 6,
  audio: 8,
  video: 9,
  data: 18,
  command: 20,
} as const;

const maxStreams = 32;
const maxChunkBytes = 1024 * 1024;
const maxMessageBytes = { video: 8 * 1024 * 1024, other: 64 * 1024 };
const extended = 0xffffff;

/** One message in chunks of `chunkSize`. Each begins with a whole header: nothing depends on what was sent before. */
export function toChunks(message: RtmpMessage, chunkStream: number, chunkSize: number): Buffer {
  const { payload, timestampMs, type, streamId } = message;
  const isLong = timestampMs >= extended;
  const header = Buffer.alloc(12 + (isLong ? 4 : 0));
  header[0] = chunkStream;
  header.writeUIntBE(isLong ? extended : timestampMs, 1, 3);
  header.writeUIntBE(payload.length, 4, 3);
  header[7] = type;
  header.writeUInt32LE(streamId, 8);
  if (isLong) header.writeUInt32BE(timestampMs, 12);
  const parts: Buffer[] = [header, payload.subarray(0, chunkSize)];
  for (let at = chunkSize; at < payload.length; at += chunkSize) {
    parts.push(Buffer.from([0xc0 | chunkStream]));
    if (isLong) parts.push(header.subarray(12));
    parts.push(payload.subarray(at, at + chunkSize));
  }
  return Buffer.concat(parts);
}

interface Inbound {
  timestampMs: number;
  deltaMs: number;
  length: number;
  type: number;
  streamId: number;
  isLong: boolean;
  parts: Buffer[];
  received: number;
}

/** Takes bytes as they come and gives whole messages. Throws a RangeError for what no honest peer sends. */
export class ChunkReader {
  readonly #streams = new Map<number, Inbound>();
  #pending: Buffer = Buffer.alloc(0);
  #chunkSize = 128;

  read(bytes: Buffer): RtmpMessage[] {
    this.#pending = this.#pending.length === 0 ? bytes : Buffer.concat([this.#pending, bytes]);
    const messages: RtmpMessage[] = [];
    for (let used = this.#chunk(messages); used > 0; used = this.#chunk(messages)) {
      this.#pending = this.#pending.subarray(used);
    }
    return messages;
  }

  /** Reads one chunk off the front; its length, or 0 where it is not all there yet. */
  #chunk(messages: RtmpMessage[]): number {
    const bytes = this.#pending;
    const first = bytes[0];
    if (first === undefined) return 0;
    const format = first >> 6;
    let at = 1;
    let id = first & 63;
    if (id < 2) {
      at += id + 1;
      if (bytes.length < at) return 0;
      id = id === 0 ? (bytes[1] ?? 0) + 64 : (bytes[1] ?? 0) + 256 * (bytes[2] ?? 0) + 64;
    }
    const headerLength = [11, 7, 3, 0][format] ?? 0;
    if (bytes.length < at + headerLength) return 0;
    const known = this.#streams.get(id);
    if (!known && format !== 0) throw new RangeError('a chunk without a beginning');
    if (known && known.received > 0 && format !== 3) throw new RangeError('a message inside a message');
    const header = bytes.subarray(at, at + headerLength);
    at += headerLength;
    const given = format < 3 ? header.readUIntBE(0, 3) : null;
    const isLong = given === null ? (known?.isLong ?? false) : given === extended;
    if (bytes.length < at + (isLong ? 4 : 0)) return 0;
    const time = isLong ? bytes.readUInt32BE(at) : given;
    if (isLong) at += 4;
    const length = format < 2 ? header.readUIntBE(3, 3) : (known?.length ?? 0);
    const type = format < 2 ? (header[6] ?? 0) : (known?.type ?? 0);
    if (length > (type === messageType.video ? maxMessageBytes.video : maxMessageBytes.other)) {
      throw new RangeError('a message that is too long');
    }
    const received = known?.received ?? 0;
    const take = Math.min(this.#chunkSize, length - received);
    if (bytes.length < at + take) return 0;
    if (!known && this.#streams.size >= maxStreams) throw new RangeError('too many chunk streams');

    const stream: Inbound = known ?? {
      timestampMs: 0,
      deltaMs: 0,
      length,
      type,
      streamId: 0,
      isLong,
      parts: [],
      received: 0,
    };
    this.#streams.set(id, stream);
    if (received === 0) {
      if (format === 0) {
        stream.timestampMs = time ?? 0;
        stream.deltaMs = 0;
        stream.streamId = header.readUInt32LE(7);
      } else {
        if (given !== null) stream.deltaMs = time ?? 0;
        stream.timestampMs += stream.deltaMs;
      }
      Object.assign(stream, { length, type, isLong });
    }
    stream.parts.push(bytes.subarray(at, at + take));
    stream.received += take;
    if (stream.received >= length) this.#finish(stream, messages);
    return at + take;
  }

  #finish(stream: Inbound, messages: RtmpMessage[]): void {
    const payload = Buffer.concat(stream.parts);
    stream.parts = [];
    stream.received = 0;
    if (stream.type === messageType.setChunkSize) {
      if (payload.length < 4) throw new RangeError('a chunk size without a size');
      const size = payload.readUInt32BE();
      if (size < 1 || size > maxChunkBytes) throw new RangeError('a chunk size that cannot be');
      this.#chunkSize = size;
    }
    messages.push({ type: stream.type, streamId: stream.streamId, timestampMs: stream.timestampMs, payload });
  }
}
