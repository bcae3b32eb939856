import { innerError } from '../livekit/twirp-error.ts';

/** Whether a URL leads nowhere but to this computer. */
export function isLoopbackUrl(url: string): boolean {
  let host: string;
  try {
    host = new URL(url).hostname.toLowerCase();
  } catch {
    return false; // what cannot be read cannot be trusted
  }
  // Only the WHATWG parser's own spelling: it has already turned 0x7f.1 and 127.1 into 127.0.0.1 for web schemes.
  return host === 'localhost' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}

/**
 * Refuses an address outside of this computer. No LiveKit server says this: a rehearsal must never reach a real
 * destination. The address itself is not repeated, it may hold a key.
 */
export function demandLoopback(url: string): void {
  if (!isLoopbackUrl(url)) {
    throw innerError('invalid_argument', 'this is a rehearsal: it reaches only addresses of this computer (127.0.0.1)');
  }
}
