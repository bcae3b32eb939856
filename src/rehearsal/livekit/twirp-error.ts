/** HTTP status of each Twirp code that LiveKit's servers use (twitchtv/twirp errors.go). */
const statusOfCode = {
  invalid_argument: 400,
  malformed: 400,
  unauthenticated: 401,
  bad_route: 404,
  not_found: 404,
  deadline_exceeded: 408,
  failed_precondition: 412,
  resource_exhausted: 429,
  internal: 500,
  unknown: 500,
  unavailable: 503,
} as const;

export type TwirpCode = keyof typeof statusOfCode;

/** A refusal as it goes over the wire: `{"code":…,"msg":…}`, with `meta` where the router itself refused. */
export class TwirpError extends Error {
  override readonly name = 'TwirpError';
  readonly code: TwirpCode;
  readonly meta: Readonly<Record<string, string>> | undefined;
  constructor(code: TwirpCode, msg: string, meta?: Readonly<Record<string, string>>) {
    super(msg);
    this.code = code;
    this.meta = meta;
  }
  get status(): number {
    return statusOfCode[this.code];
  }
  get body(): Readonly<Record<string, unknown>> {
    return { code: this.code, msg: this.message, ...(this.meta ? { meta: this.meta } : {}) };
  }
}

/** Errors that crossed LiveKit's inner message bus carry this prefix since server 1.8.4; those of its own front do not. */
export function innerError(code: TwirpCode, text: string): TwirpError {
  return new TwirpError(code, `twirp error unknown: ${text}`);
}

/** The router knows no such method: what an older server says of a newer call. */
export const noHandler = (path: string): TwirpError =>
  new TwirpError('bad_route', `no handler for path "${path}"`, { twirp_invalid_route: `POST ${path}` });
export const noResponse = (): TwirpError => innerError('unavailable', 'no response from servers');
export const noSuchRoom = (): TwirpError => innerError('not_found', 'requested room does not exist');
export const noSuchEgress = (): TwirpError => innerError('not_found', 'egress does not exist');
export const noSuchParticipant = (): TwirpError => innerError('not_found', 'participant does not exist');
export const noRedis = (): TwirpError => innerError('internal', 'egress not connected (redis required)');
export const permissionsDenied = (): TwirpError => new TwirpError('unauthenticated', 'permissions denied');
