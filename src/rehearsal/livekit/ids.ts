import { randomBytes } from 'node:crypto';

const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

/** A fresh id in LiveKit's form: a prefix and twelve letters, as `EG_hMdJj3dcKHbt`. */
export function newId(prefix: 'RM_' | 'PA_' | 'TR_AM' | 'TR_VC' | 'EG_' | 'EV_'): string {
  return prefix + letters(randomBytes(12));
}

function letters(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => alphabet[byte % alphabet.length]).join('');
}
