import { ProblemError } from '../../../shared/model/problem-error.ts';
import type { RequestSecrets } from './secrets.ts';

/** What each kind of address begins with; mux and twitch are short forms that egress itself makes RTMP addresses of. */
const uses = {
  rtmp: { schemes: /^(rtmps?|mux|twitch):\/\//i, words: 'an RTMP stream: it must begin with rtmp:// or rtmps://' },
  srt: { schemes: /^srt:\/\//i, words: 'an SRT stream: it must begin with srt://' },
  websocket: { schemes: /^wss?:\/\//i, words: 'a WebSocket: it must begin with ws:// or wss://' },
  page: { schemes: /^https?:\/\//i, words: 'a page: it must begin with http:// or https://' },
} as const;

/** The raw address of an entry, refused with a sentence where it is not of the kind that is needed. The words name no part of it. */
export function dialAddress(secrets: RequestSecrets, id: string, use: keyof typeof uses): string {
  const address = secrets.address(id);
  const { schemes, words } = uses[use];
  if (schemes.test(address)) return address;
  throw new ProblemError({
    code: 'bad-destination',
    fault: 'yours',
    retryable: false,
    text: `An address of this job cannot be that of ${words}.`,
    advice: 'Pick another entry of the address book, or mend this one.',
  });
}
