import type { SecretBox } from '../../src/core/host-services.ts';

export const turned = (text: string): string => Array.from(text).toReversed().join('');

/** Seals by turning the text around, so that a test can tell sealed from clear. */
export const turnedBox: SecretBox = {
  protection: 'keychain',
  seal: (text) => Promise.resolve(Buffer.from(turned(text))),
  unseal: (bytes) => Promise.resolve(turned(Buffer.from(bytes).toString())),
};
