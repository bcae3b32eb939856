import { promisify } from 'node:util';
import { crc32, deflateRaw } from 'node:zlib';

const deflate = promisify(deflateRaw);

export interface ZipEntry {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * A zip archive, piece by piece. One entry is in memory at a time, and it is deflated beside the event loop, so that what
 * plays and records meanwhile is not held. Entries and archive stay below 4 GB, which the format without its extension holds.
 */
export async function* zipOf(
  entries: Iterable<ZipEntry> | AsyncIterable<ZipEntry>,
  atMs: number,
): AsyncGenerator<Uint8Array> {
  const listed: Buffer[] = [];
  let offset = 0;
  for await (const { name, bytes } of entries) {
    const path = Buffer.from(name);
    const packed = await deflate(bytes);
    const about = Buffer.concat([
      u16(20, 0x0800, 8), // readable since version 2.0; names in UTF-8; deflated
      u16(...dosTime(atMs)),
      u32(crc32(bytes), packed.length, bytes.length),
      u16(path.length, 0),
    ]);
    const head = Buffer.concat([u32(0x04034b50), about, path]);
    listed.push(Buffer.concat([u32(0x02014b50), u16(20), about, u16(0, 0, 0), u32(0, offset), path]));
    offset += head.length + packed.length;
    yield head;
    yield packed;
  }
  const list = Buffer.concat(listed);
  yield list;
  yield Buffer.concat([u32(0x06054b50), u16(0, 0, listed.length, listed.length), u32(list.length, offset), u16(0)]);
}

/** Time and date as DOS writes them, to two seconds; in UTC, as everything in it. */
function dosTime(unixMs: number): [number, number] {
  const at = new Date(unixMs);
  return [
    (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1),
    ((at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate(),
  ];
}

function u16(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 2);
  values.forEach((value, index) => bytes.writeUInt16LE(value, index * 2));
  return bytes;
}
function u32(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, index) => bytes.writeUInt32LE(value, index * 4));
  return bytes;
}
