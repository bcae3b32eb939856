import { randomUUID } from 'node:crypto';
import type { Problem } from '../../shared/model/common.ts';
import type { Incident } from '../../shared/model/incident.ts';
import type { Clock } from '../live/clock.ts';

interface CaptionIncidentsOptions {
  readonly serverId: string;
  readonly roomName: string;
  readonly clock: Clock;
  readonly onIncident: (incident: Incident) => void;
}

/** What one caption session has to report. An outage is one incident, from its begin to its end. */
export class CaptionIncidents {
  readonly #options: CaptionIncidentsOptions;
  #outage: Incident | null = null;
  constructor(options: CaptionIncidentsOptions) {
    this.#options = options;
  }

  tell(
    state: Incident['state'],
    what: string,
    detail: string | null,
    done: string,
    kind: Incident['kind'] = 'captions',
  ): Incident {
    const { serverId, roomName, clock, onIncident } = this.#options;
    const atMs = clock.nowMs();
    const closedAtMs = state === 'closed' ? atMs : null;
    const id = randomUUID();
    const incident = { id, atMs, kind, state, serverId, roomName, jobId: null, what, detail, done, closedAtMs };
    onIncident(incident);
    return incident;
  }

  tellProblem({ text, said, advice }: Problem): void {
    this.tell('trouble', text, said ?? null, advice ?? 'Trying again');
  }

  outageBegan(detail: string): void {
    this.outageEnded();
    const done = 'Connecting again; sound waits up to 90 s';
    this.#outage = this.tell('trouble', 'Captions were interrupted', detail, done);
  }
  outageEnded(): void {
    if (!this.#outage) return;
    this.#options.onIncident({ ...this.#outage, state: 'closed', closedAtMs: this.#options.clock.nowMs() });
    this.#outage = null;
  }
}
