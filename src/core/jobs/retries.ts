import type { Problem } from '../../shared/model/common.ts';
import type { EgressSide, JobState } from './job-state.ts';
import { isUnclear, retryPolicy } from './retry-policy.ts';

/** Some 7 to 10 minutes, by the cause: after that a producer has to look. */
export const maxTries = 10;
/** A console that was closed for longer than this over a start: nobody waits for it any more. */
export const waitsAtMostMs = 600_000;

/** No answer came, and the server's list does not know it. */
export const unanswered: Problem = {
  code: 'start-unanswered',
  fault: 'network',
  retryable: true,
  text: 'The server did not answer this start, and does not list it.',
};

/** How a start that was refused waits to be asked for again, by its cause; null: it is over. */
export function waitingFor(state: JobState, problem: Problem, atMs: number): EgressSide | null {
  const { egress, asksAgain, stopAskedAtMs, phaseAtMs } = state;
  const { when, afterMs } = retryPolicy(problem);
  if (egress.at !== 'requested' || !asksAgain || stopAskedAtMs !== null || afterMs === null) return null;
  if (egress.tries >= maxTries || atMs - phaseAtMs > waitsAtMostMs) return null;
  return { at: 'waiting', tries: egress.tries, againAtMs: atMs + afterMs, isForSession: when === 'when-free' };
}

/** Its Start may have been taken though no answer came: it is looked for in the server's list. */
export const mayBeTaken = ({ egress, refusal }: JobState): boolean =>
  egress.at === 'requested' || (egress.at === 'waiting' && refusal !== null && isUnclear(refusal.problem));

/** It ended while the console was away, and for long: nobody expects this computer to begin to record now. */
export const isOldNews = (
  event: { readonly atMs: number; readonly wasAway?: boolean | undefined },
  sinceMs: number,
): boolean => event.wasAway === true && event.atMs - sinceMs > waitsAtMostMs;
