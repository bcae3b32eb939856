import type { RuleEntry, SeenJob } from './ports.ts';

/** Refusals for lack of a session: what is free again decides, not a back-off alone. */
const isForRoom = (code: string): boolean => code === 'egress-limit';
const forRoomMs = 15_000;
/** The first wait after a refusal that may pass, doubled each time: a server without a worker takes 20 to 25 s to say no. */
const firstMs = 30_000;
const mostMs = 600_000;
/** What ran that long is no start that failed: the waits begin anew. */
const provenMs = 60_000;

export type Attempt =
  | { readonly is: 'none'; readonly tries: 0 }
  | { readonly is: 'runs'; readonly job: SeenJob; readonly tries: number }
  | { readonly is: 'over'; readonly reason: string; readonly state: 'ended' | 'gave-up' }
  | { readonly is: 'again'; readonly atMs: number; readonly reason: string; readonly tries: number };

/** What became of what a rule started for a person or a track. */
export function attemptOf(entry: RuleEntry | undefined, job: SeenJob | undefined): Attempt {
  if (!entry) return { is: 'none', tries: 0 };
  if (entry.said !== null) return { is: 'over', state: 'gave-up', reason: entry.said };
  if (!job) return { is: 'over', state: 'ended', reason: 'Its job ended; it is not started again by itself.' };
  if (job.state !== 'done' && job.state !== 'failed') return { is: 'runs', job, tries: entry.tries };
  if (job.problem === null)
    return {
      is: 'over',
      state: 'ended',
      reason: 'Its job ended while they were there, by hand or at the server; it is not started again by itself.',
    };
  const { code, text, isRetryable } = job.problem;
  const sinceMs = job.endedAtMs ?? entry.atMs;
  const tries = job.ranMs >= provenMs ? 1 : entry.tries;
  if (isForRoom(code)) return { is: 'again', atMs: sinceMs + forRoomMs, reason: text, tries };
  if (!isRetryable) return { is: 'over', state: 'gave-up', reason: text };
  const waitMs = Math.min(mostMs, firstMs * 2 ** Math.min(10, tries - 1));
  return { is: 'again', atMs: sinceMs + waitMs, reason: text, tries };
}
