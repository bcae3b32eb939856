import { randomUUID } from 'node:crypto';
import type { Problem } from '../../shared/model/common.ts';
import type { Incident } from '../../shared/model/incident.ts';
import { redactSecrets } from '../../shared/text/redact.ts';
import type { Clock } from '../live/clock.ts';
import { StateCell } from '../live/state-cell.ts';

/** The journal's table, as far as it is needed here. */
interface IncidentStore {
  save(incident: Incident): void;
  /** Newest first. */
  newest(limit: number): readonly Incident[];
}
export interface IncidentInput {
  readonly kind: Incident['kind'];
  readonly state: Incident['state'];
  readonly serverId?: string | null;
  readonly roomName?: string | null;
  readonly jobId?: string | null;
  readonly what: string;
  readonly detail?: string | null;
  readonly done: string;
  readonly atMs?: number;
}
export interface IncidentsOptions {
  readonly store?: IncidentStore;
  readonly clock: Clock;
}

/** What the page is given. */
const maxListed = 500;
/** The same thing again within this time is the same incident. */
const sameWithinMs = 10_000;

/** What went wrong or was decided for the user: kept in the journal, newest first in `list`. */
export class Incidents {
  readonly list: StateCell<{ readonly incidents: Incident[] }>;
  readonly #options: IncidentsOptions;
  constructor(options: IncidentsOptions) {
    this.#options = options;
    this.list = new StateCell({ incidents: [...(options.store?.newest(maxListed) ?? [])] });
  }

  /**
   * Adds an incident. One that is the same (subject and `what`) as a trouble that still lasts, or as one of the last ten
   * seconds, is that one: its detail and what was done are brought up to date. Times are Unix milliseconds.
   */
  add(input: IncidentInput): Incident {
    const atMs = input.atMs ?? this.#options.clock.nowMs();
    const fresh: Incident = {
      id: `inc_${randomUUID()}`,
      atMs,
      kind: input.kind,
      state: input.state,
      serverId: input.serverId ?? null,
      roomName: input.roomName ?? null,
      jobId: input.jobId ?? null,
      what: redactSecrets(input.what),
      detail: input.detail == null ? null : redactSecrets(input.detail),
      done: redactSecrets(input.done),
      closedAtMs: input.state === 'closed' ? atMs : null,
    };
    const known = this.list.value.incidents.find((other) => isSame(other, fresh));
    if (!known) return this.#put(fresh);
    if (known.detail === fresh.detail && known.done === fresh.done && known.state === fresh.state) return known;
    const { state, detail, done, closedAtMs } = fresh;
    return this.#put({ ...known, state, detail, done, closedAtMs });
  }

  /** An incident that its part keeps itself: added, or brought to its newer state. */
  put(incident: Incident): void {
    const { what, detail, done } = incident;
    const told = {
      what: redactSecrets(what),
      detail: detail === null ? null : redactSecrets(detail),
      done: redactSecrets(done),
    };
    this.#put({ ...incident, ...told });
  }

  /** Adds what a problem tells. */
  addProblem(
    problem: Problem,
    input: Omit<IncidentInput, 'what' | 'detail' | 'done' | 'state'> & { readonly done?: string },
  ): Incident {
    return this.add({
      ...input,
      state: 'trouble',
      what: problem.text,
      detail: problem.said ?? null,
      done: input.done ?? problem.advice ?? '',
    });
  }

  /** Ends a trouble. Harmless where it is not known or over already. */
  close(id: string, done?: string): void {
    const known = this.list.value.incidents.find((incident) => incident.id === id);
    if (!known || known.state === 'closed') return;
    this.#put({
      ...known,
      state: 'closed',
      closedAtMs: this.#options.clock.nowMs(),
      ...(done === undefined ? {} : { done: redactSecrets(done) }),
    });
  }

  /** Ends every lasting trouble of a kind with a server, room or job: it is well again. */
  closeWhere(where: Partial<Pick<Incident, 'kind' | 'serverId' | 'roomName' | 'jobId'>>, done?: string): void {
    for (const incident of this.list.value.incidents) {
      const fits = Object.entries(where).every(([key, value]) => incident[key as keyof typeof where] === value);
      if (fits && incident.state === 'trouble') this.close(incident.id, done);
    }
  }

  #put(incident: Incident): Incident {
    this.#options.store?.save(incident);
    const all = this.list.value.incidents;
    const known = all.findIndex((other) => other.id === incident.id);
    const older = all.findIndex((other) => other.atMs <= incident.atMs);
    const incidents =
      known >= 0
        ? all.with(known, incident)
        : all.toSpliced(older < 0 ? all.length : older, 0, incident).slice(0, maxListed);
    this.list.set({ incidents });
    return incident;
  }
}

function isSame(known: Incident, fresh: Incident): boolean {
  const isOfTheSame =
    known.kind === fresh.kind &&
    known.serverId === fresh.serverId &&
    known.roomName === fresh.roomName &&
    known.jobId === fresh.jobId &&
    known.what === fresh.what;
  if (!isOfTheSame) return false;
  return known.state === 'trouble' || (known.state === fresh.state && Math.abs(fresh.atMs - known.atMs) < sameWithinMs);
}
