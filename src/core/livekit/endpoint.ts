import { ProblemError } from '../../shared/model/problem-error.ts';
import { isLoopbackHost } from '../../shared/text/loopback.ts';

/** The address of a LiveKit server, taken apart. */
export interface Endpoint {
  /** `http://host:port` or `https://host:port`: where the API is. Any path that was given is dropped, as LiveKit has none. */
  readonly origin: string;
  /** The same as `ws://` or `wss://`: what a room is joined by. */
  readonly joinUrl: string;
  readonly host: string;
  readonly hostname: string;
  readonly port: number;
  readonly isTls: boolean;
  readonly isLoopback: boolean;
}

/** Reads an address as a producer may type it. Throws a ProblemError that repeats nothing secret. */
export function parseEndpoint(text: string): Endpoint {
  const trimmed = text.trim();
  const form = 'Write it as wss://host or ws://host:7880.';
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed)) throw badUrl('The address has no scheme.', form);
  if (!URL.canParse(trimmed)) throw badUrl('The address cannot be read.', form);
  const url = new URL(trimmed);
  if (!/^(wss?|https?):$/.test(url.protocol))
    throw badUrl(`An address of LiveKit does not begin with ${url.protocol}//.`, form);
  if (url.username || url.password)
    throw badUrl(
      'The address holds a user name or password, which LiveKit does not use.',
      'Leave out everything before the @.',
    );
  const isTls = url.protocol === 'wss:' || url.protocol === 'https:';
  const hostname = url.hostname.replace(/^\[|\]$/g, '');
  return {
    origin: `http${isTls ? 's' : ''}://${url.host}`,
    joinUrl: `ws${isTls ? 's' : ''}://${url.host}`,
    host: url.host,
    hostname,
    port: url.port ? Number(url.port) : isTls ? 443 : 80,
    isTls,
    isLoopback: isLoopbackHost(hostname),
  };
}

function badUrl(text: string, advice: string): ProblemError {
  return new ProblemError({ code: 'bad-url', fault: 'yours', retryable: false, text, advice });
}
