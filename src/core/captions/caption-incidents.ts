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

/** Gaps of single people by one cause within this time are one break of the feed. */
const sameBreakMs = 10_000;

/** What one caption session has to report. An outage is one incident, from its begin to its end. */
export class CaptionIncidents {
  readonly #options: CaptionIncidentsOptions;
  #outage: Incident | null = null;
  /** The last gap of single people. */
  #break: Incident | null = null;
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

  /** `isOfOne`: one person was not heard. A break of the feed tells it of each of them, and is one incident. */
  tellGap(isOfOne: boolean, cause: string): void {
    if (!isOfOne) return void this.tell('closed', 'Captions have a gap', cause, 'Dated in the transcript', 'gap');
    const isTold = this.#break?.detail === cause && this.#options.clock.nowMs() - this.#break.atMs < sameBreakMs;
    if (isTold) return;
    const done = 'Dated in the transcript, with their names';
    this.#break = this.tell('closed', 'Captions have a gap of one or several people', cause, done, 'gap');
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
