import type { AddressKind } from '../../shared/model/address.ts';
import { ProblemError } from '../../shared/model/problem-error.ts';
import { isLoopbackHost } from '../../shared/text/loopback.ts';

/** An address that egress will take. */
export interface CheckedAddress {
  readonly url: string;
  /** It never leaves this computer. */
  readonly isLoopback: boolean;
}

/** What egress itself asks of an RTMP address: host, app and stream key at the least. */
const rtmpForm = /^(rtmps?:\/\/)([^/\s]+\/)(.*\/)(\S*)( live=1)?$/;
/** Keys alone; egress makes whole addresses of them. */
const shorthand = /^(mux|twitch):\/\/(\S*)$/;

const checks: Readonly<Record<AddressKind, (url: string) => CheckedAddress>> = {
  rtmp: checkRtmp,
  srt: checkSrt,
  websocket: checkWebSocket,
  page: (url) => checkPage(url, 'page'),
  template: (url) => checkPage(url, 'template'),
};

/** Reads an address as a producer may type it. Throws a ProblemError (`bad-address`) whose words repeat nothing secret. */
export function checkAddress(kind: AddressKind, text: string): CheckedAddress {
  const trimmed = text.trim();
  const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.exec(trimmed)?.[0];
  if (scheme === undefined) throw bad('The address has no scheme.', forms[kind]);
  return checks[kind](scheme.toLowerCase() + trimmed.slice(scheme.length)); // egress knows small letters only
}

const forms: Readonly<Record<AddressKind, string>> = {
  rtmp: 'Write it as rtmp://host/app/key, rtmps://host/app/key, mux://key or twitch://key.',
  srt: 'Write it as srt://host:port, with ?passphrase= and &streamid= where the other side asks for them.',
  websocket: 'Write it as wss://host/path or ws://host/path.',
  page: 'Write it as https://host/page.',
  template: 'Write it as https://host/page.',
};

function checkRtmp(url: string): CheckedAddress {
  const short = shorthand.exec(url);
  if (short?.[2] === '') throw bad('The stream key is missing.', forms.rtmp);
  if (short) return { url, isLoopback: false };
  if (!/^rtmps?:/.test(url)) throw bad('This is not the address of an RTMP stream.', forms.rtmp);
  if (!rtmpForm.test(url))
    throw bad('The address of the stream is incomplete: it needs a host, an app and a stream key.', forms.rtmp);
  return { url, isLoopback: isLoopbackHost(take(url, 'rtmp').hostname) };
}

function checkSrt(url: string): CheckedAddress {
  if (!url.startsWith('srt:')) throw bad('This is not the address of an SRT stream.', forms.srt);
  const { hostname, port, searchParams } = take(url, 'srt');
  if (port === '') throw bad('The address has no port, which SRT cannot do without.', forms.srt);
  const passphrase = searchParams.get('passphrase');
  if (passphrase !== null && (passphrase.length < 10 || passphrase.length > 79))
    throw bad('A passphrase of SRT has 10 to 79 characters.', 'Enter it as it was given to you.');
  return { url, isLoopback: isLoopbackHost(hostname) };
}

function checkWebSocket(url: string): CheckedAddress {
  if (!/^wss?:/.test(url)) throw bad('This is not the address of a WebSocket.', forms.websocket);
  const { hostname, username, password, hash } = take(url, 'websocket');
  if (username !== '' || password !== '')
    throw bad(
      'Egress takes no user name or password in the address of a WebSocket.',
      'Put a token into its path or query.',
    );
  if (hash !== '') throw bad('The address of a WebSocket has no part after #.', forms.websocket);
  return { url, isLoopback: isLoopbackHost(hostname) };
}

function checkPage(url: string, kind: 'page' | 'template'): CheckedAddress {
  if (!/^https?:/.test(url)) throw bad('A page has an address that begins with http:// or https://.', forms[kind]);
  return { url, isLoopback: isLoopbackHost(take(url, kind).hostname) };
}

function take(url: string, kind: AddressKind): URL {
  const isReadable = !/\s/.test(url.replace(/ live=1$/, '')) && URL.canParse(url);
  if (!isReadable) throw bad('The address cannot be read.', forms[kind]);
  const parsed = new URL(url);
  if (parsed.hostname === '') throw bad('The address has no host.', forms[kind]);
  return parsed;
}

const bad = (text: string, advice: string): ProblemError =>
  new ProblemError({ code: 'bad-address', fault: 'yours', retryable: false, text, advice });

/** What is worth knowing of an address before it is used; told by its twin, so that nothing need be opened for it. */
export function warningsOf(kind: AddressKind, twin: string): readonly string[] {
  const hasQuery = twin.includes('?');
  switch (kind) {
    case 'rtmp':
      return twin.endsWith('/') ? ['It has no stream key. Most services ask for one.'] : [];
    case 'srt':
      return [
        ...(hasQuery ? [shownInClear('an SRT stream')] : []),
        'Egress gives an SRT stream up at its first error; Cuedesk adds it again.',
      ];
    case 'websocket':
      return hasQuery ? [shownInClear('a WebSocket')] : [];
    case 'page':
    case 'template':
      return URL.canParse(twin) && isLoopbackHost(new URL(twin).hostname)
        ? ['The page is opened by the egress worker; to it, this address means its own computer.']
        : [];
  }
}

const shownInClear = (what: string): string =>
  `LiveKit shows the whole address of ${what} to everybody who may list egress, with what is secret in it.`;
