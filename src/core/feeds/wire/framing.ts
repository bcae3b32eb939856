/** The framing of docs/room-child.md: `uint32 length`, `uint8 type`, payload; little-endian. No socket in it. */

/** Largest message, without its four bytes of length. */
export const maxMessageBytes = 1024 * 1024;
const maxBlockSamples = 48_000;
const jsonType = 1;
const soundType = 2;
const lengthBytes = 4;
const soundHeaderBytes = 16;

/** 48 kHz mono. `firstSample` counts from the opening of the stream. */
export interface SoundBlock {
  readonly streamId: number;
  readonly firstSample: number;
  readonly samples: Int16Array;
}

export interface FrameHandlers {
  readonly onJson: (value: unknown) => void;
  readonly onSound: (block: SoundBlock) => void;
}

/** The other side broke the protocol. Its text holds nothing of what was received. */
export class FramingError extends Error {
  override readonly name = 'FramingError';
}

export function encodeJson(value: unknown): Buffer {
  const text = Buffer.from(JSON.stringify(value), 'utf8');
  if (text.length + 1 > maxMessageBytes)
    throw new FramingError(`a message of ${text.length} bytes is over the limit of ${maxMessageBytes}`);
  const head = Buffer.alloc(lengthBytes + 1);
  head.writeUInt32LE(text.length + 1, 0);
  head.writeUInt8(jsonType, lengthBytes);
  return Buffer.concat([head, text]);
}

export function encodeSound(block: SoundBlock): Buffer {
  const soundBytes = block.samples.byteLength;
  const out = Buffer.allocUnsafe(lengthBytes + 1 + soundHeaderBytes + soundBytes);
  out.writeUInt32LE(1 + soundHeaderBytes + soundBytes, 0);
  out.writeUInt8(soundType, 4);
  out.writeUInt32LE(block.streamId, 5);
  out.writeUInt32LE(0, 9);
  out.writeBigUInt64LE(BigInt(block.firstSample), 13);
  // Every platform that we run on is little-endian, so the samples can go as they lie in memory.
  out.set(new Uint8Array(block.samples.buffer, block.samples.byteOffset, soundBytes), 21);
  return out;
}

/** Cuts a stream of bytes into messages. Throws a FramingError at the first bad one; after that it must not be used again. */
export class FrameReader {
  readonly #maxBytes: () => number;
  #rest: Buffer = Buffer.alloc(0);
  /** The limit may change: it is small until the other side has said who it is. */
  constructor(maxBytes: () => number = () => maxMessageBytes) {
    this.#maxBytes = maxBytes;
  }

  push(chunk: Buffer, handlers: FrameHandlers): void {
    let bytes = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    while (bytes.length >= lengthBytes) {
      const length = bytes.readUInt32LE(0);
      if (length < 1 || length > this.#maxBytes()) throw new FramingError(`a message of ${length} bytes was announced`);
      if (bytes.length < lengthBytes + length) break;
      deliver(bytes.subarray(lengthBytes, lengthBytes + length), handlers);
      bytes = bytes.subarray(lengthBytes + length);
    }
    // A copy, so that one waiting byte does not keep the whole chunk of the socket alive.
    this.#rest = bytes.length > 0 ? Buffer.from(bytes) : Buffer.alloc(0);
  }
}

function deliver(message: Buffer, handlers: FrameHandlers): void {
  const type = message.readUInt8(0);
  const payload = message.subarray(1);
  if (type === soundType) handlers.onSound(decodeSound(payload));
  else if (type === jsonType) handlers.onJson(decodeJson(payload));
  else throw new FramingError(`a message of the unknown type ${type} came`);
}

function decodeJson(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString('utf8'));
  } catch {
    // JSON.parse quotes what it read, which may hold a token: only the fact is told.
    throw new FramingError('a message was no JSON');
  }
}

function decodeSound(payload: Buffer): SoundBlock {
  const soundBytes = payload.length - soundHeaderBytes;
  if (soundBytes < 2 || soundBytes % 2 !== 0 || soundBytes / 2 > maxBlockSamples)
    throw new FramingError(`a block of sound had ${soundBytes} bytes`);
  const firstSample = payload.readBigUInt64LE(8);
  if (firstSample > BigInt(Number.MAX_SAFE_INTEGER))
    throw new FramingError('a block of sound was numbered beyond reason');
  const samples = new Int16Array(soundBytes / 2);
  new Uint8Array(samples.buffer).set(payload.subarray(soundHeaderBytes));
  return { streamId: payload.readUInt32LE(0), firstSample: Number(firstSample), samples };
}
