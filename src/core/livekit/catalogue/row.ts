import type { Problem } from '../../../shared/model/common.ts';

/** Where words of the server were met: in the answer to a call, or in the course of an egress. */
export type Origin = { readonly kind: 'call'; readonly method: string } | { readonly kind: 'egress' };

export interface CatalogueRow extends Omit<Problem, 'said'> {
  /** Parts of the server's words, in lower case; one of them is enough. */
  readonly match: readonly string[];
  /** Where these words mean this; the same text means another thing in another call. */
  readonly where: 'egress' | 'anywhere' | RegExp;
}

/** A problem that trying again does not mend. */
export const no = (fault: Problem['fault']): Pick<Problem, 'fault' | 'retryable'> => ({ fault, retryable: false });
/** A problem that may be gone the next time. */
export const again = (fault: Problem['fault']): Pick<Problem, 'fault' | 'retryable'> => ({ fault, retryable: true });
