import type { Problem } from '../../shared/model/common.ts';
import type { FileCheck } from '../../shared/model/file-check.ts';
import { problemOf } from '../../shared/model/problem-error.ts';

/** What a look at a file, a playlist or a set of images has found. */
export interface Found extends Pick<FileCheck, 'state' | 'text' | 'checksum' | 'bytes' | 'durationMs'> {
  /** Why it could not be looked at. */
  readonly problem?: Problem;
}

/** What was found, without figures where none are given. */
export const found = (state: Found['state'], text: string, figures: Partial<Found> = {}): Found => ({
  state,
  text,
  checksum: null,
  bytes: null,
  durationMs: null,
  ...figures,
});

/** No look came about, for this reason. */
export function unseen(error: unknown): Found {
  const problem = problemOf(error);
  return found('unknown', `could not be looked at: ${problem.text}`, { problem });
}
