import { noResults } from '../../shared/model/egress-results.ts';
import type { EgressSide } from './job-state.ts';
import type { EgressSnapshot } from './ports.ts';

const rank: Readonly<Record<EgressSide['at'], number>> = {
  none: 0,
  requested: 0,
  waiting: 0,
  starting: 1,
  active: 2,
  ending: 3,
  ended: 4,
  refused: 5,
};

/**
 * Merges what the server says into what is known: never backwards, whatever the order in which polls and webhooks arrive.
 * Returns the same object where nothing is new.
 */
export function mergeEgress(known: EgressSide, snapshot: EgressSnapshot): EgressSide {
  if (known.at === 'ended' || known.at === 'refused') return known;
  if (
    'updatedAtNs' in known &&
    (known.egressId !== snapshot.egressId || BigInt(known.updatedAtNs) > snapshot.updatedAtNs)
  )
    return known;
  const told = sideOf(snapshot);
  if (told === null) return known;
  const next = told.at === 'ended' && wasKilled(snapshot) ? withKnown(told, known) : told;
  if (rank[next.at] < rank[known.at]) return known;
  return JSON.stringify(next) === JSON.stringify(known) ? known : next;
}

/** Then the server falls back to what it knew when it began (measured): where media began and what it made is lost to it. */
const wasKilled = ({ status, error, details }: EgressSnapshot): boolean =>
  status === 'failed' && details === '' && /^(?:exit status|signal:)/.test(error);

function withKnown<S extends EgressSide>(side: S, known: EgressSide): S {
  if (!('results' in known)) return side;
  const { mediaStartedAtMs, results } = known;
  return { ...side, mediaStartedAtMs, results };
}

function sideOf(snapshot: EgressSnapshot): EgressSide | null {
  const base = { egressId: snapshot.egressId, updatedAtNs: String(snapshot.updatedAtNs) };
  const media = { mediaStartedAtMs: snapshot.mediaStartedAtMs, results: snapshot.results };
  switch (snapshot.status) {
    case 'unknown':
      return null;
    case 'starting':
      return { at: 'starting', ...base };
    case 'active':
      return { at: 'active', ...base, ...media };
    case 'ending':
      return { at: 'ending', ...base, ...media };
    case 'complete':
    case 'failed':
    case 'aborted':
    case 'limit-reached': {
      // A stop before the first picture ends ABORTED: asked for, and nothing to show for it.
      const by = endedBy(snapshot);
      const said =
        by === 'full-worker'
          ? 'CPU exhausted'
          : [snapshot.errorCode > 0 ? String(snapshot.errorCode) : '', snapshot.error].filter(Boolean).join(' ');
      const endedAtMs = snapshot.endedAtMs ?? Math.round(Number(snapshot.updatedAtNs / 1_000_000n));
      const { problem } = snapshot;
      const why = problem && { meaning: problem.text, ...(problem.advice && { advice: problem.advice }) };
      return { at: 'ended', ...base, ...media, outcome: snapshot.status, endedAtMs, said, ...(why && { why }), by };
    }
  }
}

/** A worker that has too much to do ends its heaviest job in order, so that only these words tell it from a stop. */
function endedBy({ status, details }: EgressSnapshot): Extract<EgressSide, { at: 'ended' }>['by'] {
  if (status !== 'complete') return null;
  if (details.includes('CPU exhausted')) return 'full-worker';
  return details.includes('StopEgress API') ? 'stop-call' : null;
}

/** Nobody knows what became of it, or cares; the same where there is no egress to lose. */
export function lostEgress(known: EgressSide, atMs: number, said: string): EgressSide {
  if (known.at === 'ended' || !('egressId' in known)) return known;
  const { egressId, updatedAtNs } = known;
  const results = 'results' in known ? known.results : noResults;
  const mediaStartedAtMs = 'mediaStartedAtMs' in known ? known.mediaStartedAtMs : null;
  const end = { outcome: 'lost', endedAtMs: atMs, said, by: null } as const;
  return { at: 'ended', egressId, updatedAtNs, mediaStartedAtMs, results, ...end };
}
