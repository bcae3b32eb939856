import type { Finding } from '../../../shared/checks/finding.ts';
import type { FigureSource } from '../../../shared/model/common.ts';
import type { JobMode } from '../../../shared/model/job.ts';
import type { JobRequest } from '../../../shared/model/job-request.ts';
import type { Person } from '../../../shared/model/room.ts';
import type { SessionLength } from '../../../shared/model/session-length.ts';
import type { ServerKind } from '../../../shared/model/server.ts';
import type { WorkerFigures } from './acceptance.ts';
import type { WayId } from './ways.ts';

/** All that a plan is made of; nothing else is asked, so that the same input gives the same words. */
export interface PlanInput {
  readonly mode: JobMode;
  readonly request: JobRequest;
  /** What is known to be wrong with the request (`shared/checks`). */
  readonly findings: readonly Pick<Finding, 'severity' | 'text'>[];
  readonly roomName: string;
  readonly people: readonly Pick<Person, 'identity' | 'name' | 'tracks'>[];
  readonly roomExists: boolean;
  readonly server: { readonly kind: ServerKind; readonly egress: 'unknown' | 'present' | 'absent' };
  /** Egress sessions in use and the limit, where one is known. */
  readonly sessions: { readonly inUse: number | null; readonly limit: number | null; readonly source: FigureSource };
  /** What the page of its egress worker says now; null where there is none. */
  readonly worker: WorkerFigures | null;
  /** How long an egress may run at this server, by output. */
  readonly lengths: readonly SessionLength[];
  /** How long starts really took on this server. */
  readonly startsHere: Readonly<Partial<Record<WayId, StartsHere>>>;
  readonly prices: PlanPrices;
  readonly diskFreeBytes: number | null;
  readonly recordingsFolder: string;
}

interface StartsHere {
  readonly medianMs: number;
  readonly count: number;
}

/** Price of a minute of egress; null where nobody has declared one. */
interface PlanPrices {
  readonly currency: string;
  readonly transcodedMinute: PlanPrice | null;
  readonly trackMinute: PlanPrice | null;
}
interface PlanPrice {
  readonly amount: number;
  readonly source: FigureSource;
  /** By whom and when. */
  readonly from: string;
}
