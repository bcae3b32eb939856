import { redactSecrets } from '../../shared/text/redact.ts';
import type { Problem } from '../../shared/model/common.ts';
import { endings } from './catalogue/endings.ts';
import { refusals } from './catalogue/refusals.ts';
import type { Origin } from './catalogue/row.ts';

const maxSaidChars = 300;

/** A refusal as it came over the wire. */
export interface ServerRefusal {
  readonly status: number;
  /** Twirp's code; null where the body was not Twirp's. */
  readonly code: string | null;
  readonly message: string;
  readonly method: string;
}

/** What a refused call means, with the server's words redacted in `said`. */
export function problemOfRefusal(refusal: ServerRefusal): Problem {
  const words = cleanWords(refusal.message);
  const isPage = /^\s*<(!doctype|html)/i.test(words);
  const said = `${[refusal.status, refusal.code].filter(Boolean).join(' ')}: ${isPage ? 'a web page' : words || 'no words'}`;
  // A proxy's 429 comes in all kinds of words.
  const known =
    find(words, { kind: 'call', method: refusal.method }) ??
    (refusal.status === 429 ? find('too many requests', { kind: 'call', method: refusal.method }) : null);
  return { ...(known ?? unknownRefusal(refusal, isPage)), said };
}

/** Why an egress ended, from the fields of its EgressInfo; null where it ended well. */
export function problemOfEgress(info: {
  readonly error: string;
  readonly errorCode: number;
  readonly details: string;
}): Problem | null {
  const words = cleanWords(info.error);
  if (!words && info.errorCode === 0) return null;
  const details = cleanWords(info.details).replace(/^end reason: /i, '');
  const said = [info.errorCode || '', words || details].filter(Boolean).join(' ');
  const known = find(words || details, { kind: 'egress' });
  return {
    ...(known ?? {
      code: 'egress-failed',
      fault: 'server',
      retryable: true,
      text: 'Egress failed, for a reason that is not known here.',
    }),
    said,
  };
}

/** Without the prefix of the layers between, without tokens and keys, and not endless. */
function cleanWords(text: string): string {
  const stripped = text.trim().replace(/^(?:twirp error [a-z_]+: )+/i, '');
  const redacted = redactSecrets(stripped);
  return redacted.length > maxSaidChars ? `${redacted.slice(0, maxSaidChars - 1)}…` : redacted;
}

function find(words: string, origin: Origin): Omit<Problem, 'said'> | null {
  const text = words.toLowerCase();
  for (const { match, where, ...problem } of [...refusals, ...endings]) {
    const fits =
      where === 'anywhere' ||
      (where === 'egress' ? origin.kind === 'egress' : origin.kind === 'call' && where.test(origin.method));
    if (fits && match.some((part) => text.includes(part))) return problem;
  }
  return null;
}

function unknownRefusal({ status, code }: ServerRefusal, isPage: boolean): Omit<Problem, 'said'> {
  if (status >= 500)
    return isPage
      ? {
          code: 'proxy-error',
          fault: 'server',
          retryable: true,
          text: 'A proxy before the server answered that it does not reach it.',
          advice: 'Check that the server runs.',
        }
      : { code: 'server-error', fault: 'server', retryable: true, text: 'The server met an error of its own.' };
  if (isPage || status === 404 || status === 405 || (status >= 300 && status < 400)) return notLiveKit;
  if (status === 408)
    return { code: 'not-in-time', fault: 'server', retryable: true, text: 'The server had no answer in time.' };
  if (status === 403 && code !== null)
    return { code: 'not-allowed', fault: 'yours', retryable: false, text: 'The server does not allow this.' };
  if (status === 401 || status === 403)
    return {
      code: 'not-accepted',
      fault: 'yours',
      retryable: false,
      text: 'The server did not accept the key and secret.',
      advice: 'Check both, and that the address is that of their project.',
    };
  return { code: 'refused', fault: 'server', retryable: false, text: 'The server refused this.' };
}

/** Something answers at the address, but not as LiveKit does. */
export const notLiveKit: Problem = {
  code: 'not-livekit',
  fault: 'yours',
  retryable: false,
  text: 'What answers at this address is not a LiveKit server.',
  advice: 'Check the host and the port.',
};
