import type { Address } from '../../../../shared/model/address.ts';
import type { JobDestination } from '../../../../shared/model/job-destination.ts';
import { destinationsWords as text } from '../../text/destinations-messages.ts';

/** How a destination looks: `trouble` needs an eye, `quiet` is over. */
export type DestinationTone = 'plain' | 'trouble' | 'quiet';

export function toneOf({ state, tries }: JobDestination): DestinationTone {
  if (state === 'reconnecting' || state === 'failed') return 'trouble';
  if (state === 'waiting') return tries > 0 ? 'trouble' : 'plain';
  return state === 'dropped' || state === 'finished' ? 'quiet' : 'plain';
}

/** The state in words and seconds. */
export function stateWords(destination: JobDestination, nowMs: number): string {
  const { state, sinceMs, nextTryAtMs, tries } = destination;
  switch (state) {
    case 'connecting':
      return text.connecting(nowMs - sinceMs);
    case 'reconnecting':
      return text.byEgress(Math.min(30_000, Math.max(0, nowMs - sinceMs)));
    case 'waiting':
      return tries === 0 ? text.states.queued : text.again(Math.max(0, (nextTryAtMs ?? nowMs) - nowMs));
    case 'starting':
    case 'adding':
    case 'live':
    case 'dropping':
    case 'dropped':
    case 'finished':
    case 'failed':
      return text.states[state];
  }
}

/** Its entry of the address book: by its id, or, where it was added elsewhere, the one that looks like it. */
export function entryOf(destination: JobDestination, addresses: readonly Address[]): Address | undefined {
  return addresses.find(({ id, url }) =>
    destination.addressId === null ? url === destination.url : id === destination.addressId,
  );
}

/** Something is tried again, or was given up, and nothing is on air. */
export function reachNobody(destinations: readonly JobDestination[]): boolean {
  const { live, hurt, failed } = countsOf(destinations);
  return live === 0 && hurt + failed > 0;
}

/** Of all jobs that run: how many are on air, come back, are given up. */
export function countsOf(destinations: readonly JobDestination[]): {
  readonly live: number;
  readonly hurt: number;
  readonly failed: number;
} {
  const of = (is: (one: JobDestination) => boolean): number => destinations.filter(is).length;
  return {
    live: of(({ state }) => state === 'live'),
    hurt: of((one) => one.state !== 'failed' && toneOf(one) === 'trouble'),
    failed: of(({ state }) => state === 'failed'),
  };
}
