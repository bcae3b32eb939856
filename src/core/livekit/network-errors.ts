import { problemOf, ProblemError } from '../../shared/model/problem-error.ts';
import type { Fault, Problem } from '../../shared/model/common.ts';
import { DeadlineError } from '../live/deadline.ts';
import { notLiveKit } from './errors.ts';

type Words = readonly [code: string, fault: Fault, retryable: boolean, text: (host: string) => string, advice?: string];

const away = 'Check that the server runs, and its port.';
const certificate = 'The certificate must be one that this computer trusts, and be made out to this host.';
/** By Node's error code. The message of the error itself is never shown: it may repeat credentials. */
const byCode: Readonly<Record<string, Words>> = {
  ECONNREFUSED: ['not-listening', 'network', true, (host) => `Nobody listens at ${host}.`, away],
  ENOTFOUND: [
    'no-such-host',
    'yours',
    true,
    (host) => `There is no host of the name ${host}.`,
    'Check the spelling, and the network of this computer.',
  ],
  EAI_AGAIN: [
    'no-name-service',
    'network',
    true,
    (host) => `The name ${host} could not be looked up.`,
    'Check the network of this computer.',
  ],
  ECONNRESET: [
    'reset',
    'network',
    true,
    (host) => `${host} closed the connection.`,
    'If the server speaks TLS, write wss://.',
  ],
  EPIPE: ['reset', 'network', true, (host) => `${host} closed the connection.`],
  ETIMEDOUT: ['no-answer', 'network', true, (host) => `${host} does not answer.`, away],
  EHOSTUNREACH: [
    'unreachable',
    'network',
    true,
    (host) => `There is no way to ${host}.`,
    'Check the network of this computer.',
  ],
  ENETUNREACH: [
    'unreachable',
    'network',
    true,
    (host) => `There is no way to ${host}.`,
    'Check the network of this computer.',
  ],
  EPROTO: [
    'tls-to-plain',
    'yours',
    false,
    (host) => `${host} does not speak TLS.`,
    'Write ws:// instead of wss://, or check the port.',
  ],
  ERR_SSL_WRONG_VERSION_NUMBER: [
    'tls-to-plain',
    'yours',
    false,
    (host) => `${host} does not speak TLS.`,
    'Write ws:// instead of wss://, or check the port.',
  ],
  ERR_SSL_PACKET_LENGTH_TOO_LONG: [
    'tls-to-plain',
    'yours',
    false,
    (host) => `${host} does not speak TLS.`,
    'Write ws:// instead of wss://, or check the port.',
  ],
  CERT_HAS_EXPIRED: ['certificate', 'server', false, (host) => `The certificate of ${host} has expired.`, certificate],
  DEPTH_ZERO_SELF_SIGNED_CERT: [
    'certificate',
    'server',
    false,
    (host) => `The certificate of ${host} is signed by itself.`,
    certificate,
  ],
  SELF_SIGNED_CERT_IN_CHAIN: [
    'certificate',
    'server',
    false,
    (host) => `The certificate of ${host} is signed by nobody whom this computer trusts.`,
    certificate,
  ],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: [
    'certificate',
    'server',
    false,
    (host) => `The certificate of ${host} is signed by nobody whom this computer trusts.`,
    certificate,
  ],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: [
    'certificate',
    'server',
    false,
    (host) => `The certificate of ${host} is signed by nobody whom this computer trusts.`,
    certificate,
  ],
  ERR_TLS_CERT_ALTNAME_INVALID: [
    'certificate',
    'server',
    false,
    (host) => `The certificate is not made out to ${host}.`,
    certificate,
  ],
  'answer-too-large': [
    'answer-too-large',
    'server',
    false,
    (host) => `${host} sent more than an answer may be.`,
    'Check that the address is that of a LiveKit server.',
  ],
};

/** What a request that got no answer means. `host` as the producer wrote it, with the port. A ProblemError stays what it is. */
export function problemOfNetwork(error: unknown, host: string): Problem {
  if (error instanceof ProblemError) return error.problem;
  if (error instanceof DeadlineError)
    return {
      code: 'no-answer',
      fault: 'network',
      retryable: true,
      text: `${host} did not answer within ${Math.round(error.limitMs / 100) / 10} s.`,
      advice: away,
    };
  const code = codeOf(error);
  if (code?.startsWith('HPE_')) return notLiveKit; // the parser of HTTP met something else
  const words = code === null ? undefined : byCode[code];
  if (!words)
    return code === null
      ? problemOf(error)
      : { code: 'network', fault: 'network', retryable: true, text: `${host} could not be reached.`, said: code };
  const [problemCode, fault, retryable, text, advice] = words;
  return {
    code: problemCode,
    fault,
    retryable,
    text: text(host),
    ...(code && /^E[A-Z]/.test(code) ? { said: code } : {}),
    ...(advice ? { advice } : {}),
  };
}

/** The code of an error or of what caused it. Several addresses of one host fail as one AggregateError. */
function codeOf(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  if ('code' in error && typeof error.code === 'string') return error.code;
  const inner: unknown = error instanceof AggregateError ? (error.errors as unknown[])[0] : error.cause;
  return inner === undefined ? null : codeOf(inner);
}
