import type { Fault, Problem } from '../../shared/model/common.ts';
import { ProblemError } from '../../shared/model/problem-error.ts';
import { DeadlineError } from '../live/deadline.ts';

interface Where {
  readonly host: string;
  /** Bucket or container. */
  readonly bucket: string;
}
type Row = readonly [code: string, fault: Fault, retryable: boolean, text: (where: Where) => string, advice?: string];

const wrongKey: Row = [
  'wrong-key',
  'yours',
  false,
  ({ host }) => `${host} does not know this key.`,
  'Enter the key anew; perhaps it was taken back, or is of another account.',
];
const wrongSecret: Row = [
  'wrong-secret',
  'yours',
  false,
  ({ host }) => `${host} knows the key, and its secret is another one.`,
  'Enter the secret anew.',
];
const clock: Row = [
  'clocks-differ',
  'yours',
  false,
  ({ host }) => `The clocks of this computer and of ${host} differ too much.`,
  'Set the clock of this computer by the network. The egress worker has a clock of its own.',
];
const noBucket: Row = [
  'no-bucket',
  'yours',
  false,
  ({ host, bucket }) => `There is no ${bucket} at ${host}.`,
  'Check the name, or make it first: egress does not.',
];
const wrongRegion: Row = [
  'wrong-region',
  'yours',
  false,
  ({ bucket }) => `${bucket} lies in another region.`,
  'Enter the region of the bucket; egress would be refused as well.',
];
const noRight: Row = [
  'no-right',
  'yours',
  false,
  ({ bucket }) => `The key is right and may not do this in ${bucket}.`,
  'Give it the right to write objects; to read and to delete them is needed only for the checks of Cuedesk.',
];
const expired: Row = [
  'token-expired',
  'yours',
  false,
  () => 'The session token has expired, or belongs to another key.',
  'Enter a new one with its key and secret.',
];
const busy: Row = ['storage-busy', 'destination', true, ({ host }) => `${host} is busy.`, 'Try again in a moment.'];

/** By the code of the storage itself. */
const byCode: Readonly<Record<string, Row>> = {
  InvalidAccessKeyId: wrongKey,
  InvalidClientTokenId: wrongKey,
  UnrecognizedClientException: wrongKey,
  SignatureDoesNotMatch: wrongSecret,
  AuthenticationFailed: wrongSecret,
  InvalidAuthenticationInfo: wrongSecret,
  RequestTimeTooSkewed: clock,
  NoSuchBucket: noBucket,
  ContainerNotFound: noBucket,
  PermanentRedirect: wrongRegion,
  AuthorizationHeaderMalformed: wrongRegion,
  IllegalLocationConstraintException: wrongRegion,
  AccessDenied: noRight,
  AuthorizationFailure: noRight,
  AuthorizationPermissionMismatch: noRight,
  InsufficientAccountPermissions: noRight,
  ExpiredToken: expired,
  InvalidToken: expired,
  TokenRefreshRequired: expired,
  SecurityTokenExpired: expired,
  SlowDown: busy,
  ServerBusy: busy,
  ServiceUnavailable: busy,
};

const byNetwork: Readonly<Record<string, Row>> = {
  ECONNREFUSED: ['not-listening', 'network', true, ({ host }) => `Nobody listens at ${host}.`, 'Check host and port.'],
  ENOTFOUND: [
    'no-such-host',
    'network',
    true,
    ({ host }) => `There is no host of the name ${host}, or this computer has no network.`,
    'Check the spelling, and the network of this computer.',
  ],
  EAI_AGAIN: [
    'no-name-service',
    'network',
    true,
    ({ host }) => `The name ${host} could not be looked up.`,
    'Check the network of this computer.',
  ],
  ECONNRESET: ['reset', 'network', true, ({ host }) => `${host} closed the connection.`, 'Check http:// and https://.'],
  EHOSTUNREACH: ['unreachable', 'network', true, ({ host }) => `There is no way to ${host}.`],
  ENETUNREACH: ['unreachable', 'network', true, ({ host }) => `There is no way to ${host}.`],
  ETIMEDOUT: ['no-answer', 'network', true, ({ host }) => `${host} does not answer.`],
};

/** What a proxy answers instead of opening the way; the agent that asks it says so in these words alone. */
const proxyRow = (status: string): Row =>
  status === '407'
    ? [
        'proxy-user',
        'yours',
        false,
        () => 'The proxy does not let this user through.',
        'Enter user name and password of the proxy anew.',
      ]
    : [
        'proxy-refused',
        'network',
        status.startsWith('5'),
        ({ host }) => `The proxy opens no way to ${host}.`,
        'Ask who runs the proxy whether it lets this host and port through.',
      ];

/**
 * An error of any of the SDKs in words. Their own messages are not passed on, as some repeat what was signed: only the code
 * of the storage and the status.
 */
export function problemOfStorage(error: unknown, where: Where): Problem {
  if (error instanceof ProblemError) return error.problem;
  if (error instanceof DeadlineError) return words(byNetwork['ETIMEDOUT'] ?? busy, where, null);
  const { code, status, message } = factsOf(error);
  const proxyStatus = status === null ? /\bBad response: (\d{3})\b/.exec(message)?.[1] : undefined;
  if (proxyStatus !== undefined) return words(proxyRow(proxyStatus), where, { code: '', status: Number(proxyStatus) });
  const network = causes(error)
    .map((cause) => byNetwork[cause])
    .find((row) => row !== undefined);
  if (network && status === null) return words(network, where, null);
  return words(rowOf(code, status, message), where, code === '' && status === null ? null : { code, status });
}

function rowOf(code: string, status: number | null, message: string): Row {
  // Azure and Google say so within the words of another code only.
  if (/too old|iat and exp|reasonable timeframe|signature (expired|not yet current)/i.test(message)) return clock;
  if (/must be addressed using the specified endpoint/i.test(message)) return wrongRegion;
  if (/invalid_grant|DECODER|PEM|private key/i.test(message)) return wrongSecret;
  if (/failed to authenticate/i.test(message)) return wrongSecret;
  const known = Object.hasOwn(byCode, code) ? byCode[code] : undefined;
  if (known) return known;
  if (status === 401) return wrongKey;
  if (status === 403) return noRight;
  if (status === 404) return noBucket;
  if (status === 301 || status === 307) return wrongRegion;
  if (status === 429 || status === 503) return busy;
  return [
    'storage-refused',
    'destination',
    status !== null && status >= 500,
    ({ host }) => `${host} answered with an error that Cuedesk does not know.`,
  ];
}

function words(
  [code, fault, retryable, text, advice]: Row,
  where: Where,
  said: { readonly code: string; readonly status: number | null } | null,
): Problem {
  const own = said && [said.code, said.status].filter((part) => part !== '' && part !== null).join(' ');
  return {
    code,
    fault,
    retryable,
    text: text(where),
    ...(own ? { said: own } : {}),
    ...(advice ? { advice } : {}),
  };
}

/** Code, status and message, wherever the SDK puts them. */
export function factsOf(error: unknown): {
  readonly code: string;
  readonly status: number | null;
  readonly message: string;
} {
  if (typeof error !== 'object' || error === null) return { code: '', status: null, message: '' };
  const of = error as Readonly<Record<string, unknown>>; // read only, each field checked
  const meta = of['$metadata'] as Readonly<Record<string, unknown>> | undefined;
  const numbers = [meta?.['httpStatusCode'], of['statusCode'], of['status'], of['code']];
  const status = numbers.find((each): each is number => typeof each === 'number' && each >= 100 && each < 600) ?? null;
  const names = [of['Code'], of['code'], of['name']];
  const code = names.find((each): each is string => typeof each === 'string' && /^[A-Z][A-Za-z]+$/.test(each)) ?? '';
  const message = typeof of['message'] === 'string' ? of['message'] : '';
  return { code: /^(Rest|Api|Type)?Error$/.test(code) ? '' : code, status, message };
}

/** Codes of Node's network, down the chain of causes. */
function causes(error: unknown, depth = 0): readonly string[] {
  if (typeof error !== 'object' || error === null || depth > 4) return [];
  const of = error as Readonly<Record<string, unknown>>; // read only, each field checked
  const own = [of['code'], of['errno']].filter((code) => typeof code === 'string');
  const inner = Array.isArray(of['errors']) ? of['errors'].flatMap((one) => causes(one, depth + 1)) : [];
  // Alibaba's client says it in words alone.
  const said = typeof of['message'] === 'string' ? (/\bE[A-Z]{4,}\b/.exec(of['message'])?.[0] ?? '') : '';
  return [...own, ...(said === '' ? [] : [said]), ...inner, ...causes(of['cause'], depth + 1)];
}
