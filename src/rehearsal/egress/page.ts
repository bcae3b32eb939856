import { firstOf, type JobContext } from './job.ts';
import { pause } from '../pause.ts';
import type { Source } from './source.ts';

const loadLimitMs = 10_000;
/** What a page must log for Chrome to begin, where the request waits for it. No script is run here: it is looked for in the page. */
const startSignal = 'START_RECORDING';

/**
 * Loads a page of this computer as Chrome would. False where it is not there, which the row is told in Chrome's words, or
 * where the egress was stopped meanwhile. A page that never says START_RECORDING is waited for until then.
 */
export async function loadPage(
  job: JobContext,
  source: Extract<Source, { kind: 'page' }>,
  stop: AbortSignal,
): Promise<boolean> {
  const error = await load(source.url, stop);
  if (stop.aborted) return false;
  if ('failure' in error) {
    if (!(await pause(job.timing.pageErrorMs, stop))) return false;
    job.leaveRoom();
    job.row.fail(400, error.failure);
    return false;
  }
  if (source.awaitsStart && !error.text.includes(startSignal)) await firstOf(stop);
  return !stop.aborted;
}

async function load(
  url: string,
  signal: AbortSignal,
): Promise<{ readonly failure: string } | { readonly text: string }> {
  try {
    // A redirect could lead out of this computer: it is taken as the page itself.
    const answer = await fetch(url, {
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(loadLimitMs)]),
    });
    const text = await answer.text();
    return answer.status >= 400 ? { failure: `page load error: page load error: ${answer.statusText}` } : { text };
  } catch {
    return { failure: 'page load error: net::ERR_CONNECTION_REFUSED' };
  }
}
