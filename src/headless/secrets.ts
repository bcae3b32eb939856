import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { SecretBox } from '../core/host-services.ts';
import { secretUnreadable, unwrapSecret, wrapSecret } from '../core/secret-envelope.ts';
import { ProblemError } from '../shared/model/problem-error.ts';

const deriveKey = promisify<string, Buffer, number, { N: number; r: number; p: number; maxmem: number }, Buffer>(
  scrypt,
);
/** OWASP's figure for scrypt; about 0.4 s and 128 MiB a derivation, of which there is one a salt. */
const cost = { N: 1 << 17, r: 8, p: 1, maxmem: 256 << 20 };
const saltBytes = 16;
const ivBytes = 12;
const tagBytes = 16;

/** With a passphrase secrets are encrypted under it; without one they are kept readable, and said to be. */
export function openSecretBox(passphrase: string | null): SecretBox {
  return passphrase === null ? plainBox : passphraseBox(passphrase);
}

/** From CUEDESK_PASSPHRASE, or the first line of the file that CUEDESK_PASSPHRASE_FILE names. Null: none was given. */
export async function readPassphrase(env: NodeJS.ProcessEnv): Promise<string | null> {
  const given = env['CUEDESK_PASSPHRASE'];
  if (given) return given;
  const path = env['CUEDESK_PASSPHRASE_FILE'];
  if (!path) return null;
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw passphraseProblem('The file of CUEDESK_PASSPHRASE_FILE cannot be read.', cause);
  });
  const line = text.split(/\r?\n/, 1)[0] ?? '';
  if (line === '') throw passphraseProblem('The file of CUEDESK_PASSPHRASE_FILE is empty.');
  return line;
}

const passphraseProblem = (text: string, cause?: unknown): ProblemError =>
  new ProblemError({ code: 'passphrase', fault: 'yours', retryable: false, text }, { cause });

const plainBox: SecretBox = {
  protection: 'plain-file',
  seal: async (text) => wrapSecret('plain', Buffer.from(text, 'utf8')),
  async unseal(bytes) {
    const { sealing, content } = unwrapSecret(bytes);
    if (sealing === 'passphrase') throw secretUnreadable('It was stored under a passphrase (CUEDESK_PASSPHRASE).');
    if (sealing === 'keychain') throw secretUnreadable('It was stored in the keychain by the Electron window.');
    return content.toString('utf8');
  },
};

function passphraseBox(passphrase: string): SecretBox {
  const keys = new Map<string, Promise<Buffer>>();
  const keyOf = (salt: Buffer): Promise<Buffer> => {
    const name = salt.toString('hex');
    const known = keys.get(name);
    if (known) return known;
    if (keys.size >= 64) keys.clear(); // a file of many runs; deriving again is only slow
    const key = deriveKey(passphrase, salt, 32, cost);
    keys.set(name, key);
    return key;
  };
  const ownSalt = randomBytes(saltBytes);
  return {
    protection: 'passphrase',
    async seal(text) {
      const iv = randomBytes(ivBytes);
      const cipher = createCipheriv('aes-256-gcm', await keyOf(ownSalt), iv);
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return wrapSecret('passphrase', Buffer.concat([ownSalt, iv, cipher.getAuthTag(), sealed]));
    },
    async unseal(bytes) {
      const { sealing, content } = unwrapSecret(bytes);
      if (sealing !== 'passphrase') return plainBox.unseal(bytes);
      const salt = content.subarray(0, saltBytes);
      const iv = content.subarray(saltBytes, saltBytes + ivBytes);
      const tag = content.subarray(saltBytes + ivBytes, saltBytes + ivBytes + tagBytes);
      const key = await keyOf(salt);
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: tagBytes }).setAuthTag(tag);
        const sealed = content.subarray(saltBytes + ivBytes + tagBytes);
        return Buffer.concat([decipher.update(sealed), decipher.final()]).toString('utf8');
      } catch {
        throw secretUnreadable('It was stored under another passphrase, or has been changed.'); // GCM tells the two not apart
      }
    },
  };
}
