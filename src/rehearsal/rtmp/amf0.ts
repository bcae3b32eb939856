/** AMF0, as RTMP commands are written in. Everything read is bounded: the other end may be anybody. */
export type AmfValue = number | boolean | string | null | AmfObject;
interface AmfObject {
  readonly [name: string]: AmfValue;
}

const maxDepth = 8;
const maxValues = 512;

export function encodeAmf(...values: readonly AmfValue[]): Buffer {
  return Buffer.concat(values.map(encodeValue));
}

/** All values of a command. Throws a RangeError for what is no AMF0 or too much of it. */
export function decodeAmf(bytes: Buffer): AmfValue[] {
  const reader = new Reader(bytes);
  const values: AmfValue[] = [];
  while (!reader.isAtEnd) values.push(reader.value(0));
  return values;
}

function encodeValue(value: AmfValue): Buffer {
  if (value === null) return Buffer.from([5]);
  if (typeof value === 'boolean') return Buffer.from([1, value ? 1 : 0]);
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(9);
    bytes.writeDoubleBE(value, 1);
    return bytes;
  }
  if (typeof value === 'string') return Buffer.concat([Buffer.from([2]), encodeText(value)]);
  const fields = Object.entries(value).flatMap(([name, field]) => [encodeText(name), encodeValue(field)]);
  return Buffer.concat([Buffer.from([3]), ...fields, Buffer.from([0, 0, 9])]);
}

function encodeText(text: string): Buffer {
  const bytes = Buffer.from(text).subarray(0, 65_535);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

class Reader {
  readonly #bytes: Buffer;
  #at = 0;
  #count = 0;
  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }
  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  value(depth: number): AmfValue {
    if (depth > maxDepth || ++this.#count > maxValues) throw new RangeError('too much AMF');
    const marker = this.#take(1)[0];
    if (marker === 0) return this.#take(8).readDoubleBE();
    if (marker === 1) return this.#take(1)[0] !== 0;
    if (marker === 2) return this.#text();
    if (marker === 3) return this.#object(depth);
    if (marker === 5 || marker === 6) return null;
    if (marker === 8) {
      this.#take(4); // the length of an ECMA array is only a hint
      return this.#object(depth);
    }
    throw new RangeError('unknown AMF marker');
  }

  #object(depth: number): AmfObject {
    const fields: [string, AmfValue][] = [];
    for (;;) {
      const name = this.#text();
      if (name === '' && this.#bytes[this.#at] === 9) {
        this.#at += 1;
        return Object.fromEntries(fields);
      }
      fields.push([name, this.value(depth + 1)]);
    }
  }

  #text(): string {
    return this.#take(this.#take(2).readUInt16BE()).toString('utf8');
  }

  #take(length: number): Buffer {
    if (this.#at + length > this.#bytes.length) throw new RangeError('short AMF');
    return this.#bytes.subarray(this.#at, (this.#at += length));
  }
}
