import { ProblemError } from '../../shared/model/problem-error.ts';
import { parseJson } from './twirp.ts';

/** Reads the text of a good answer. Throws a ProblemError where `parse` gives null: the server speaks another form. */
export function readAnswer<T>(parse: (value: unknown) => T | null, body: string): T {
  const result = parse(parseJson(body));
  if (result !== null) return result;
  throw new ProblemError({
    code: 'not-understood',
    fault: 'server',
    retryable: false,
    text: 'The server answered in a form that is not known here.',
    advice: 'Check the version of the server.',
  });
}
