import type { Problem } from './common.ts';

/** An error that is told to the producer: it carries its code, whose fault it is, and whether to try again. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly problem: Problem;
  constructor(problem: Problem, options?: ErrorOptions) {
    super(problem.said ? `${problem.text} (${problem.said})` : problem.text, options);
    this.problem = problem;
  }
  get code(): string {
    return this.problem.code;
  }
}

/** The problem of any thrown value. What was not foreseen is ours, and says no more than that: messages of foreign errors may hold secrets. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  return {
    code: 'internal',
    fault: 'ours',
    retryable: false,
    text: 'Cuedesk met an error of its own. The log has the details.',
  };
}
