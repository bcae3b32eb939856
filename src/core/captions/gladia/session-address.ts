import { isIP } from 'node:net';
import { ProblemError } from '../../../shared/model/problem-error.ts';

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '[::1]' || (isIP(host) === 4 && host.startsWith('127.'));

// Without the public suffix list: the last two labels. That is right for gladia.io, and for a host of one's own at worst too kind to a neighbour under the same name.
const registrable = (host: string): string => {
  const bare = host.replace(/^\[|\]$/g, '');
  return isIP(bare) ? bare : host.split('.').slice(-2).join('.');
};

/**
 * The WebSocket address that Gladia answered with, checked: it carries the whole right to the session, so it must be
 * encrypted (unless it stays on this computer) and belong to the host that was asked. The address is a secret. Throws a
 * ProblemError that does not name it.
 */
export function sessionAddress(answered: string, apiUrl: string): string {
  const base = new URL(apiUrl);
  let url: URL;
  try {
    url = new URL(answered, base);
  } catch {
    throw refusal('Gladia answered with an address that is none.');
  }
  if (url.protocol === 'http:') url.protocol = 'ws:';
  if (url.protocol === 'https:') url.protocol = 'wss:';
  const isLocal = isLoopback(base.hostname);
  if (url.protocol !== 'wss:' && !(url.protocol === 'ws:' && isLocal && isLoopback(url.hostname)))
    throw refusal('Gladia answered with an address that is not encrypted.');
  const isSame = isLocal ? isLoopback(url.hostname) : registrable(url.hostname) === registrable(base.hostname);
  if (!isSame) throw refusal('Gladia answered with an address of another host.');
  return url.href;
}

const refusal = (text: string): ProblemError =>
  new ProblemError({ code: 'gladia-address', fault: 'destination', retryable: false, text });
