import type { Problem } from '../../shared/model/common.ts';
import { ProblemError } from '../../shared/model/problem-error.ts';

const known: Readonly<Record<string, Omit<Problem, 'said'>>> = {
  ENOSPC: {
    code: 'disk-full',
    fault: 'yours',
    retryable: true,
    text: 'The disk is full.',
    advice: 'Free some space, or choose another folder. Cuedesk tries again every 10 seconds.',
  },
  EDQUOT: {
    code: 'disk-quota',
    fault: 'yours',
    retryable: true,
    text: 'Your share of the disk is used up.',
    advice: 'Free some space, or choose another folder.',
  },
  EACCES: {
    code: 'folder-denied',
    fault: 'yours',
    retryable: false,
    text: 'Cuedesk may not write to this folder.',
    advice: 'Choose another folder, or allow Cuedesk to write there.',
  },
  EROFS: {
    code: 'folder-read-only',
    fault: 'yours',
    retryable: false,
    text: 'This disk can only be read.',
    advice: 'Choose a folder on another disk.',
  },
  ENOENT: {
    code: 'folder-gone',
    fault: 'yours',
    retryable: true,
    text: 'The folder is not there any more.',
    advice: 'Was the disk taken away? Choose another folder.',
  },
  EIO: {
    code: 'disk-failed',
    fault: 'yours',
    retryable: true,
    text: 'The disk failed to take the data.',
    advice: 'Choose a folder on another disk, and look after this one.',
  },
};
const sameAs: Readonly<Record<string, string>> = { EPERM: 'EACCES', ENOTDIR: 'ENOENT', EFBIG: 'ENOSPC' };

/** What a failed write to a file means for the producer. */
export function fileProblem(error: unknown, fileName: string): ProblemError {
  if (error instanceof ProblemError) return error;
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  const problem = known[sameAs[code] ?? code] ?? {
    code: 'file-failed',
    fault: 'ours',
    retryable: true,
    text: 'The file could not be written.',
  };
  return new ProblemError({ ...problem, said: code ? `${code}: ${fileName}` : fileName }, { cause: error });
}
