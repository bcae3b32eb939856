/** Limits of livekit-server's default configuration, in bytes (measured). */
export const nameBytes = 256;
export const metadataBytes = 524_288;

export const bytesOf = (text: string): number => new TextEncoder().encode(text).length;
export const isTooLong = (text: string, maxBytes: number): boolean => bytesOf(text) > maxBytes;

/** Begins as JSON does, and cannot be read as such: most likely a slip. */
export function isBrokenJson(text: string): boolean {
  if (!/^\s*[[{]/.test(text)) return false;
  try {
    JSON.parse(text);
    return false;
  } catch {
    return true; // the slip itself is seen in the box
  }
}
