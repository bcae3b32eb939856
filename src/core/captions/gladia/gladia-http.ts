import type { Problem } from '../../../shared/model/common.ts';
import { ProblemError } from '../../../shared/model/problem-error.ts';
import { redactSecrets } from '../../../shared/text/redact.ts';
import { withDeadline } from '../../live/deadline.ts';
import { httpProblem } from './close-codes.ts';
import { CreatedSession, RefusalBody, SessionResult, type ServerUtterance } from './messages.ts';
import { sessionAddress } from './session-address.ts';
import type { CreateResult, GladiaAccount } from './transport.ts';

const maxAnswerBytes = 64 << 10;
/** Three hours of words with their times. */
const maxResultBytes = 64 << 20;

/** Asks for a session. Never rejects but for the signal; a failure says whether and when to ask again. */
export async function createSession(
  account: GladiaAccount,
  body: unknown,
  options: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<CreateResult> {
  try {
    return await withDeadline('Asking Gladia for a session', options.timeoutMs, options.signal, async (signal) => {
      const url = address(account, 'v2/live');
      if (account.region) url.searchParams.set('region', account.region);
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'x-gladia-key': account.key, 'content-type': 'application/json' },
        body: JSON.stringify(body),
        redirect: 'manual', // the key must not follow to another host
        signal,
      });
      const text = await readLimited(response, maxAnswerBytes);
      if (response.status !== 201 && response.status !== 200) return refused(response, text, account.key);
      const created = CreatedSession.safeParse(parse(text));
      if (!created.success) return failure({ ...unreadable, retryable: true });
      return { ok: true, created: { id: created.data.id, url: sessionAddress(created.data.url, account.url) } };
    });
  } catch (error) {
    options.signal.throwIfAborted();
    if (error instanceof ProblemError) return failure(error.problem);
    return failure(networkProblem(error, account.key));
  }
}

/** The words of an ended session; null while it is not done. Rejects with a ProblemError. */
export async function collectSession(
  account: GladiaAccount,
  id: string,
  options: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<readonly ServerUtterance[] | null> {
  return withDeadline('Fetching the last words', options.timeoutMs, options.signal, async (signal) => {
    const response = await fetch(address(account, `v2/live/${encodeURIComponent(id)}`), {
      headers: { 'x-gladia-key': account.key },
      redirect: 'manual',
      signal,
    });
    const text = await readLimited(response, maxResultBytes);
    if (response.status !== 200) throw new ProblemError(httpProblem(response.status, null));
    const result = SessionResult.safeParse(parse(text));
    if (!result.success) throw new ProblemError(unreadable);
    if (result.data.status !== 'done' && result.data.status !== 'error') return null;
    return result.data.result?.transcription?.utterances ?? [];
  });
}

function address(account: GladiaAccount, path: string): URL {
  try {
    const base = new URL(account.url.endsWith('/') ? account.url : `${account.url}/`);
    if (base.protocol === 'https:' || base.protocol === 'http:') return new URL(path, base);
  } catch {
    // told below, in words for the producer
  }
  throw new ProblemError({
    code: 'gladia-url',
    fault: 'yours',
    retryable: false,
    text: 'The address of Gladia in Settings is no web address.',
  });
}

const unreadable: Problem = {
  code: 'gladia-answer',
  fault: 'destination',
  retryable: false,
  text: 'Gladia gave an answer that could not be read.',
};

function networkProblem(error: unknown, key: string): Problem {
  const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const said = inner instanceof Error ? clean(inner.message, key) : null;
  return {
    code: 'gladia-unreachable',
    fault: 'network',
    retryable: true,
    text: 'Gladia cannot be reached.',
    ...(said ? { said } : {}),
  };
}

function refused(response: Response, text: string, key: string): CreateResult {
  const body = RefusalBody.safeParse(parse(text));
  const parts = body.success
    ? [body.data.message, ...(body.data.validation_errors ?? []), body.data.request_id].filter(
        (part) => part !== undefined,
      )
    : [];
  const said = parts.length > 0 ? clean(parts.join(' · '), key) : null;
  return failure(httpProblem(response.status, said), retryAfterMs(response.headers.get('retry-after')));
}

const failure = (problem: Problem, retryAfter: number | null = null): CreateResult => ({
  ok: false,
  failure: { problem, retryAfterMs: retryAfter },
});

function retryAfterMs(header: string | null): number | null {
  if (header === null) return null;
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) && ms > 0 ? ms : null;
}

// Gladia may repeat what it was sent.
const clean = (text: string, key: string): string => redactSecrets(text.replaceAll(key, '{key}')).slice(0, 500);

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined; // refused by the schema of whoever asked
  }
}

async function readLimited(response: Response, maxBytes: number): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    const bytes = part as Uint8Array; // what undici yields; its type says unknown
    size += bytes.length;
    if (size > maxBytes) throw new ProblemError(unreadable);
    parts.push(bytes);
  }
  return Buffer.concat(parts).toString('utf8');
}
