import type { Problem } from '../../shared/model/common.ts';
import type { Refusal } from '../../shared/model/job.ts';
import { clockTenthsUtc } from '../../shared/text/utc.ts';
import { deskBeganAtMs, type JobState } from './job-state.ts';
import { maxTries } from './retries.ts';
import { retryPolicy } from './retry-policy.ts';

/** The three parts of a refusal: what was refused, the server's own words, what Cuedesk did or the producer can do. */
export function refusalOf(state: JobState, problem: Problem, atMs: number): Refusal {
  const { text, causes } = retryPolicy(problem);
  const isWaiting = state.egress.at === 'waiting';
  const deskRuns = state.desk.at === 'opening' || state.desk.at === 'recording';
  return {
    atMs,
    refused: `Recording "${state.title}" of ${state.roomName}, by egress`,
    said: problem.said ?? problem.text,
    meaning: problem.text,
    cuedeskDid: deskRuns ? deskSentence(state) : isWaiting ? `Asks again by itself, ${maxTries} times in all.` : null,
    youCan: [...(problem.advice ? [problem.advice] : []), ...(deskRuns ? [] : ['Record here, sound only.'])],
    again: text,
    causes: [...causes],
    problem,
  };
}

/** A room whose meters are open is joined already; any other takes about a second (measured), which is said. */
const soonMs = 500;

const deskSentence = (state: JobState): string => {
  if (state.desk.at !== 'recording') return 'Begins to record the sound here.';
  const startedAtMs = deskBeganAtMs(state) ?? state.desk.startedAtMs; // of its first part, where it has several
  const lateMs = startedAtMs - state.requestedAtMs;
  const after = lateMs < soonMs ? 'the press of Start' : `${(lateMs / 1000).toFixed(1)} s after the press of Start`;
  return `Records the sound here since ${clockTenthsUtc(startedAtMs)} UTC, ${after}.`;
};
