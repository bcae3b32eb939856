/** The framing of docs/room-child.md: `uint32 length`, `uint8 type`, payload; little-endian. */

const jsonType = 1;
const soundType = 2;
const maxMessageBytes = 1024 * 1024;

export function jsonFrame(message: unknown): Buffer {
  const payload = Buffer.from(JSON.stringify(message));
  return Buffer.concat([head(jsonType, payload.length), payload]);
}

export function soundFrame(streamId: number, firstSample: number, samples: Int16Array): Buffer {
  const about = Buffer.alloc(16);
  about.writeUInt32LE(streamId, 0);
  about.writeBigUInt64LE(BigInt(firstSample), 8);
  const sound = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
  return Buffer.concat([head(soundType, about.length + sound.length), about, sound]);
}

function head(type: number, payloadBytes: number): Buffer {
  const bytes = Buffer.alloc(5);
  bytes.writeUInt32LE(1 + payloadBytes, 0);
  bytes.writeUInt8(type, 4);
  return bytes;
}

/** Cuts what the core sends into its JSON texts. Throws where the other side breaks the framing. */
export class JsonFrames {
  #rest: Buffer = Buffer.alloc(0);

  push(chunk: Buffer): readonly string[] {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    const texts: string[] = [];
    while (this.#rest.length >= 4) {
      const length = this.#rest.readUInt32LE(0);
      if (length < 1 || length > maxMessageBytes) throw new Error(`The core announced a message of ${length} bytes.`);
      if (this.#rest.length < 4 + length) break;
      if (this.#rest[4] !== jsonType) throw new Error(`The core sent a message of type ${this.#rest[4]}.`);
      texts.push(this.#rest.toString('utf8', 5, 4 + length));
      this.#rest = this.#rest.subarray(4 + length);
    }
    return texts;
  }
}
