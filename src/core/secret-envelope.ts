import { ProblemError } from '../shared/model/problem-error.ts';

/** How a sealed secret was sealed: its first four bytes, so that a box knows what it cannot open. */
const marks = { plain: 'CDS0', passphrase: 'CDS1', keychain: 'CDS2' } as const;
export type Sealing = keyof typeof marks;

export function wrapSecret(sealing: Sealing, content: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from(marks[sealing], 'latin1'), content]);
}

/** Throws `secret-unreadable` where it is none of ours. */
export function unwrapSecret(bytes: Uint8Array): { readonly sealing: Sealing; readonly content: Buffer } {
  const all = Buffer.from(bytes);
  const mark = all.subarray(0, 4).toString('latin1');
  for (const [sealing, known] of Object.entries(marks)) {
    if (mark === known) return { sealing: sealing as Sealing, content: all.subarray(4) }; // keys of marks
  }
  throw secretUnreadable('It has no form that Cuedesk knows.');
}

/** The secret is there but this console cannot open it; `advice` says what would. */
export const secretUnreadable = (advice: string): ProblemError =>
  new ProblemError({
    code: 'secret-unreadable',
    fault: 'yours',
    retryable: false,
    text: 'A stored secret cannot be opened here. Enter it again, or start Cuedesk as it was when it was stored.',
    advice,
  });
