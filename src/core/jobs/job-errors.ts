import { ProblemError } from '../../shared/model/problem-error.ts';

const refused =
  (code: string, text: string, fault: 'ours' | 'yours' = 'yours') =>
  (): ProblemError =>
    new ProblemError({ code, fault, retryable: false, text });

export const closing = refused('closing', 'Cuedesk is closing.', 'ours');
export const noSuchServer = refused('no-such-server', 'This server is not known.');
export const noSuchJob = refused('no-such-job', 'This job is not known.');
export const noSuchFile = refused('no-such-file', 'This job has no such file.');
