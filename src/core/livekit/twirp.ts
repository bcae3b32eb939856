import { ProblemError } from '../../shared/model/problem-error.ts';
import type { Clock } from '../live/clock.ts';
import { withDeadline } from '../live/deadline.ts';
import type { Log } from '../live/log.ts';
import { parseEndpoint, type Endpoint } from './endpoint.ts';
import { notLiveKit, problemOfRefusal } from './errors.ts';
import { HttpClient, type HttpAnswer } from './http.ts';
import { problemOfNetwork } from './network-errors.ts';
import { signToken, type ApiCredentials, type Grants } from './tokens.ts';

/** Room for 15,000 rooms or 80,000 ended jobs; anything larger is no answer of LiveKit. */
const maxAnswerBytes = 16 << 20;
/** LiveKit's own limit is 10 MiB; nothing that is sent here comes near. */
const maxRequestBytes = 1 << 20;
/** The ttl of the SDKs. */
const tokenTtlS = 600;
/** A call with the same grants takes the token of the one before for so long. */
const tokenServesMs = 60_000;
/** More than the rooms of a server have; then they are made anew. */
const maxTokens = 2_000;

export interface TwirpCall {
  readonly service: 'RoomService' | 'Egress';
  readonly method: string;
  readonly grants: Grants;
  readonly body: Readonly<Record<string, unknown>>;
  readonly limitMs: number;
  readonly isRepeatable: boolean;
  readonly signal?: AbortSignal | undefined;
}
export interface TwirpOptions extends ApiCredentials {
  readonly url: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** LiveKit's API in its wire form: JSON over POST, with a token that allows this call. Every failure is a ProblemError, or the caller's own abort. */
export class Twirp {
  readonly endpoint: Endpoint;
  readonly #options: TwirpOptions;
  readonly #http: HttpClient;
  /** By their grants. */
  readonly #tokens = new Map<string, { readonly token: string; readonly madeAtMs: number }>();
  constructor(options: TwirpOptions) {
    if (!options.apiKey || !options.apiSecret)
      throw new ProblemError({
        code: 'no-key',
        fault: 'yours',
        retryable: false,
        text: 'The API key or the API secret is empty.',
      });
    this.#options = options;
    this.endpoint = parseEndpoint(options.url);
    this.#http = new HttpClient(this.endpoint);
  }

  /** The text of a good answer. */
  async call(call: TwirpCall): Promise<string> {
    const { method, signal } = call;
    const body = JSON.stringify(call.body);
    if (Buffer.byteLength(body) > maxRequestBytes)
      throw new ProblemError({
        code: 'too-long',
        fault: 'ours',
        retryable: false,
        text: 'The request was larger than the server takes.',
      });
    const token = this.#token(call.grants);
    let answer: HttpAnswer;
    try {
      answer = await withDeadline(method, call.limitMs, signal, (limited) =>
        this.#http.send({
          method: 'POST',
          path: `/twirp/livekit.${call.service}/${method}`,
          headers: { 'content-type': 'application/json', accept: 'application/json', authorization: `Bearer ${token}` },
          body,
          maxAnswerBytes,
          isRepeatable: call.isRepeatable,
          signal: limited,
        }),
      );
    } catch (error) {
      signal?.throwIfAborted(); // cancelled is not failed
      const problem = problemOfNetwork(error, this.endpoint.host);
      this.#options.log.debug('LiveKit did not answer', { method, code: problem.code, said: problem.said });
      throw new ProblemError(problem, { cause: error });
    }
    if (answer.status === 200 && answer.contentType.startsWith('application/json')) return answer.text;
    if (answer.status === 200) throw new ProblemError(notLiveKit);
    const problem = problemOfRefusal({ status: answer.status, method, ...wordsOf(answer) });
    this.#options.log.debug('LiveKit refused', { method, code: problem.code, said: problem.said });
    throw new ProblemError(problem);
  }

  close(): void {
    this.#http.close();
  }

  #token(grants: Grants): string {
    const nowMs = this.#options.clock.nowMs();
    const key = JSON.stringify(grants);
    const known = this.#tokens.get(key);
    // A clock that was set back would leave one that is not valid yet.
    if (known && nowMs >= known.madeAtMs && nowMs < known.madeAtMs + tokenServesMs) return known.token;
    if (this.#tokens.size >= maxTokens) this.#tokens.clear();
    const token = signToken(this.#options, { grants, ttlS: tokenTtlS }, nowMs);
    this.#tokens.set(key, { token, madeAtMs: nowMs });
    return token;
  }
}

function wordsOf(answer: HttpAnswer): { readonly code: string | null; readonly message: string } {
  const value = parseJson(answer.text);
  if (typeof value === 'object' && value !== null && 'code' in value && typeof value.code === 'string')
    return { code: value.code.slice(0, 40), message: 'msg' in value && typeof value.msg === 'string' ? value.msg : '' };
  return { code: null, message: answer.text.slice(0, 4_000) };
}

/** Undefined where it is no JSON: what is not can be words or a page, and is read as such. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined; // not JSON is an answer too: the caller decides by it
  }
}
