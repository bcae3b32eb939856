import { ProblemError } from '../../shared/model/problem-error.ts';
import { idsOf, type RequestIds } from '../../shared/model/request-ids.ts';
import type { ConsoleParts } from './parts.ts';

/** The shows that name an address or a storage: it is taken out of them first, so that no press of a show finds it gone. */
export const showsWith = (
  { shows }: Pick<ConsoleParts, 'shows'>,
  ids: keyof RequestIds,
  id: string,
): readonly string[] =>
  shows.shows.value.shows
    .filter((show) => show.jobs.some((job) => idsOf(job.request)[ids].includes(id)))
    .map((show) => show.name);

/** Refuses where anything names it. */
export function needUnnamed(what: 'address' | 'storage', by: 'show' | 'rule', names: readonly string[]): void {
  if (names.length === 0) return;
  throw new ProblemError({
    code: `${what}-in-use`,
    fault: 'yours',
    retryable: true,
    text: `A ${by} uses this ${what}: ${names.join(', ')}.`,
    advice: `Take it out of the ${by} first.`,
  });
}
