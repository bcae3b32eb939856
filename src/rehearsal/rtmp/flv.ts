/** One tag of an FLV stream: what an RTMP message of the same type carries. */
export interface FlvTag {
  readonly type: number;
  readonly timestampMs: number;
  readonly body: Buffer;
  /** Sequence headers and metadata: every receiver needs them first. */
  readonly isHeader: boolean;
  /** A receiver can begin with it. */
  readonly isKey: boolean;
}

const tagHeader = 11;

/** Takes the bytes of an FLV stream as they come and gives its tags. */
export class FlvReader {
  #pending: Buffer = Buffer.alloc(0);
  #isBegun = false;

  read(bytes: Buffer): FlvTag[] {
    this.#pending = Buffer.concat([this.#pending, bytes]);
    if (!this.#isBegun) {
      if (this.#pending.length < 13) return [];
      this.#pending = this.#pending.subarray(this.#pending.readUInt32BE(5) + 4);
      this.#isBegun = true;
    }
    const tags: FlvTag[] = [];
    for (;;) {
      const pending = this.#pending;
      if (pending.length < tagHeader) return tags;
      const length = pending.readUIntBE(1, 3);
      const whole = tagHeader + length + 4;
      if (pending.length < whole) return tags;
      const type = (pending[0] ?? 0) & 31;
      const timestampMs = pending.readUIntBE(4, 3) + (pending[7] ?? 0) * 0x1000000;
      tags.push(tagOf(type, timestampMs, Buffer.from(pending.subarray(tagHeader, tagHeader + length))));
      this.#pending = pending.subarray(whole);
    }
  }
}

function tagOf(type: number, timestampMs: number, body: Buffer): FlvTag {
  const isVideo = type === 9;
  const isHeader = type === 18 || body[1] === 0; // AAC and AVC: the second byte 0 is the decoder's configuration
  return { type, timestampMs, body, isHeader, isKey: isVideo && (body[0] ?? 0) >> 4 === 1 && !isHeader };
}
