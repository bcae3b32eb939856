/** Reads a part of an object. */
type ReadPart = (part: { readonly from: number; readonly count: number }) => Promise<Buffer>;

/** How long a file lasts by its own header, read in a few small parts; null where it does not tell, or is of another kind. */
export async function durationMsOf(name: string, bytes: number, read: ReadPart): Promise<number | null> {
  if (/\.mp4$/i.test(name)) return mp4Duration(bytes, read);
  return /\.ogg$/i.test(name) ? oggDuration(bytes, read) : null;
}

/** Egress writes three or four boxes at the top (`ftyp`, `free`, `mdat`, `moov`); more than this is no recording of it. */
const maxBoxes = 12;

/** ISO/IEC 14496-12: from box to box by their sizes, to the movie header at the beginning of `moov`. */
async function mp4Duration(bytes: number, read: ReadPart): Promise<number | null> {
  let at = 0;
  for (let count = 0; count < maxBoxes && at + 8 <= bytes; count += 1) {
    const head = await read({ from: at, count: Math.min(16, bytes - at) });
    const type = head.toString('latin1', 4, 8);
    if (type === 'moov') return movieHeader(await read({ from: at + 8, count: Math.min(120, bytes - at - 8) }));
    const short = head.readUInt32BE(0);
    const size = short === 1 && head.length >= 16 ? Number(head.readBigUInt64BE(8)) : short;
    if (size < 8) return null; // 0: to the end of the file, with no moov after it
    at += size;
  }
  return null;
}

function movieHeader(box: Buffer): number | null {
  if (box.length < 32 || box.toString('latin1', 4, 8) !== 'mvhd') return null;
  const isLong = box[8] === 1;
  if (isLong && box.length < 40) return null;
  const scale = box.readUInt32BE(isLong ? 28 : 20);
  const length = isLong ? Number(box.readBigUInt64BE(32)) : box.readUInt32BE(24);
  return scale === 0 || length === 0 ? null : Math.round((length * 1000) / scale);
}

/** A page of Ogg is at most 65,307 bytes long, so that the last one begins within them. */
const maxPageBytes = 65_307;
const opusHz = 48_000;

/** RFC 7845: the granule of the last page counts samples of Opus. */
async function oggDuration(bytes: number, read: ReadPart): Promise<number | null> {
  const from = Math.max(0, bytes - maxPageBytes);
  const tail = await read({ from, count: bytes - from });
  const at = tail.lastIndexOf('OggS');
  if (at === -1 || at + 14 > tail.length) return null;
  const samples = Number(tail.readBigInt64LE(at + 6));
  return samples > 0 ? Math.round((samples * 1000) / opusHz) : null;
}
