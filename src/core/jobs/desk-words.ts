import { timer } from '../../shared/text/figures.ts';
import { clockTenthsUtc } from '../../shared/text/utc.ts';
import type { DeskHole } from './job-state.ts';

const length = (ms: number): string => (ms < 60_000 ? `${(ms / 1_000).toFixed(1)} s` : timer(ms));

/** What a recording here lacks of the whole room, to the tenth of a second, and why; empty where it is whole. */
export function lacks(holes: readonly DeskHole[]): string {
  const [first] = holes;
  const last = holes.at(-1);
  if (!first || !last) return '';
  const ms = holes.reduce((sum, hole) => sum + hole.toMs - hole.fromMs, 0);
  const span = `from ${clockTenthsUtc(first.fromMs)} to ${clockTenthsUtc(last.toMs)} UTC`;
  if (holes.length === 1) return `It lacks ${length(ms)}, ${span}: ${first.cause}`;
  const causes = [...new Set(holes.map(({ cause }) => cause))].join(' ');
  return `It lacks ${length(ms)} in ${holes.length} holes, ${span}: ${causes}`;
}
