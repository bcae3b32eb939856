import type { Problem } from '../model/common.ts';
import { ProblemError } from '../model/problem-error.ts';

/** What can go wrong between the two ends of a port, apart from what a handler refuses. */
const problems = {
  'unknown-method': {
    fault: 'ours',
    retryable: false,
    text: 'The page asked for something that this console does not know.',
  },
  'bad-params': { fault: 'yours', retryable: false, text: 'What was entered does not have the right form.' },
  'bad-result': {
    fault: 'ours',
    retryable: false,
    text: 'The console gave an answer that the page does not understand.',
  },
  'too-many-calls': { fault: 'ours', retryable: true, text: 'Too much was asked of the console at once.' },
  overrun: { fault: 'ours', retryable: true, text: 'The page was too slow to read everything that happened.' },
  closed: { fault: 'ours', retryable: true, text: 'The console was closed.' },
} as const satisfies Record<string, Omit<Problem, 'code'>>;

export type RpcCode = keyof typeof problems;

/** The error of a port as a ProblemError, so that a page meets one kind of error only. `advice` names the field in question. */
export function rpcError(code: RpcCode, advice?: string): ProblemError {
  return new ProblemError({ code, ...problems[code], ...(advice === undefined ? {} : { advice }) });
}
