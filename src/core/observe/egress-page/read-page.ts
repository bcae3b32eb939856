import type { Fault, Problem } from '../../../shared/model/common.ts';
import type { EgressWorker } from '../../../shared/model/capacity.ts';
import { ProblemError } from '../../../shared/model/problem-error.ts';
import { DeadlineError, withDeadline } from '../../live/deadline.ts';
import { parsePrometheus } from './prometheus-text.ts';
import { egressPrefixes, workerOf } from './worker-of.ts';

/** A page of egress with everything of Go's runtime has some 30 kB; what is larger is another page. */
const maxPageBytes = 1 << 20;
const limitMs = 5_000;

/** Reads the Prometheus page of an egress worker. Rejects with a ProblemError in words, or with the signal's reason. */
export async function readEgressPage(url: string, signal?: AbortSignal): Promise<EgressWorker> {
  try {
    const text = await withDeadline('the page of egress', limitMs, signal, (limited) => fetchText(url, limited));
    const { samples, badLines } = parsePrometheus(text, egressPrefixes);
    const worker = workerOf(samples);
    if (worker) return worker;
    throw problem(
      'no-egress-page',
      'yours',
      badLines > 0 ? 'This is no metrics page.' : 'This metrics page is not that of an egress worker.',
      'Give the address with the port that prometheus_port of the egress settings names, and /metrics.',
    );
  } catch (error) {
    signal?.throwIfAborted();
    throw error instanceof ProblemError ? error : problemOfFetch(error);
  }
}

async function fetchText(url: string, signal: AbortSignal): Promise<string> {
  const answer = await fetch(url, { signal, redirect: 'error', headers: { accept: 'text/plain' } });
  if (!answer.ok) {
    await answer.body?.cancel();
    throw problem('page-refused', 'server', `The page answers ${answer.status}.`, 'Check its path; it is /metrics.');
  }
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of answer.body ?? []) {
    size += part.byteLength;
    if (size > maxPageBytes) throw problem('page-too-large', 'yours', 'This page is far larger than that of egress.');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'Nobody listens there: egress is down, or has no prometheus_port set.',
  ENOTFOUND: 'There is no host of this name.',
  EAI_AGAIN: 'The name of the host could not be looked up.',
  ECONNRESET: 'The connection was closed.',
  EHOSTUNREACH: 'There is no way to this host.',
  ENETUNREACH: 'There is no way to this host.',
};

/** The message of the error itself is not shown: it may repeat the address with what is in it. */
function problemOfFetch(error: unknown): ProblemError {
  if (error instanceof DeadlineError) return problem('page-silent', 'network', 'The page did not answer within 5 s.');
  const cause = error instanceof Error ? error.cause : null;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return problem('page-unreachable', 'network', words[code] ?? 'The page could not be read.');
}

function problem(code: string, fault: Fault, text: string, advice?: string): ProblemError {
  const told: Problem = {
    code,
    fault,
    retryable: fault !== 'yours',
    text,
    ...(advice === undefined ? {} : { advice }),
  };
  return new ProblemError(told);
}
