/** Most file systems take 255 bytes for a name; what is added later (a number, a part, `.wav`) needs some. */
const maxNameBytes = 200;
/** Names of devices on Windows, with or without an extension. */
const reserved = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i;

/** A name that every system takes as a file name, as near to `text` as possible. Scripts of any language stay. */
export function safeFileName(text: string, fallback: string, maxBytes = maxNameBytes): string {
  const cleaned = text
    .normalize('NFC')
    .toWellFormed()
    // Controls, what no path may hold on one system or the other, and marks that turn the direction of the text around.
    .replaceAll(/[\p{Cc}\p{Cs}/\\:*?"<>|\u202a-\u202e\u2066-\u2069\ufeff\ufffd]+/gu, ' ')
    .replaceAll(/\s+/gu, ' ')
    .replace(/^[\s.]+/u, ''); // a leading dot hides the file
  const short = trimEnd(cutToBytes(cleaned, maxBytes));
  if (short === '') return fallback;
  return reserved.test(short) ? `_${short}` : short;
}

/** Gives each name once; systems that do not tell cases apart would take two such names as one file. */
export class UniqueNames {
  readonly #taken: Set<string>;
  readonly #isTaken: (name: string) => boolean;
  /** `isTaken` tells of names that others took; `taken` is shared by those who give names at the same time. */
  constructor(isTaken: (name: string) => boolean = () => false, taken: Set<string> = new Set()) {
    this.#isTaken = isTaken;
    this.#taken = taken;
  }
  /** `name`, or with ` (2)`, ` (3)` … behind it. */
  take(name: string): string {
    for (let count = 1; ; count++) {
      const candidate = count === 1 ? name : `${name} (${count})`;
      const key = candidate.normalize('NFC').toLowerCase();
      if (this.#taken.has(key) || this.#isTaken(candidate)) continue;
      this.#taken.add(key);
      return candidate;
    }
  }
}

/** Cut between what the eye sees as characters, so that no accent or part of an emoji is left alone. */
function cutToBytes(text: string, maxBytes: number): string {
  if (Buffer.byteLength(text) <= maxBytes) return text;
  let bytes = 0;
  let result = '';
  for (const { segment } of new Intl.Segmenter().segment(text.slice(0, maxBytes * 2))) {
    bytes += Buffer.byteLength(segment);
    if (bytes > maxBytes) break;
    result += segment;
  }
  return result;
}

/** Windows drops dots and blanks at the end. */
const trimEnd = (text: string): string => text.replace(/[\s.]+$/u, '');
