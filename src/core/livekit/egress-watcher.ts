import type { Problem } from '../../shared/model/common.ts';
import type { EgressSnapshot } from './egress-info.ts';
import type { EgressForms } from './egress-request/forms.ts';

/** Who counts what is asked of a server's egress, and what became of it. */
export interface EgressWatcher {
  /** A start was asked for; called off, it gets neither answer. */
  startAsked(kind: string): { began(snapshot: EgressSnapshot): void; refused(problem: Problem): void };
  stopAsked(egressId: string): void;
  /** Everything that the server lists. */
  listed(list: readonly EgressSnapshot[]): void;
}

const kinds = {
  StartRoomCompositeEgress: 'room-composite',
  StartWebEgress: 'web',
  StartParticipantEgress: 'participant',
  StartTrackCompositeEgress: 'track-composite',
  StartTrackEgress: 'track',
} as const;

/** The kind of a start, for figures: of a bounded number of words. */
export function kindOfStart({ v1, v2, first }: EgressForms): string {
  if (v2 && (first === 'v2' || !v1)) return 'template' in v2.body ? 'template' : 'web' in v2.body ? 'web' : 'media';
  return v1 && v1.method !== 'StartEgress' ? kinds[v1.method] : 'media';
}
