import { safeStorage } from 'electron';
import type { SecretBox } from '../core/host-services.ts';
import { secretUnreadable, unwrapSecret, wrapSecret } from '../core/secret-envelope.ts';

/**
 * The operating system's keychain, where there is one; to be called after `ready`. Linux without a keyring offers
 * `basic_text`, a password known to everybody: that is no protection, and is neither used nor called one.
 */
export async function openSecretBox(): Promise<SecretBox> {
  const hasKeychain = !isBasicText() && (await safeStorage.isAsyncEncryptionAvailable());
  return {
    protection: hasKeychain ? 'keychain' : 'plain-file',
    async seal(text) {
      return hasKeychain
        ? wrapSecret('keychain', await safeStorage.encryptStringAsync(text))
        : wrapSecret('plain', Buffer.from(text, 'utf8'));
    },
    async unseal(bytes) {
      const { sealing, content } = unwrapSecret(bytes);
      if (sealing === 'plain') return content.toString('utf8');
      if (sealing === 'passphrase')
        throw secretUnreadable('It was stored under a passphrase by Cuedesk in the browser.');
      if (!hasKeychain) throw secretUnreadable('It is in the keychain, which cannot be reached now.');
      try {
        return (await safeStorage.decryptStringAsync(content)).result;
      } catch {
        throw secretUnreadable('The keychain does not open it: it may be of another user or another computer.');
      }
    },
  };
}

const isBasicText = (): boolean =>
  process.platform === 'linux' && safeStorage.getSelectedStorageBackend() === 'basic_text';
