import type { Job, JobMode } from '../../shared/model/job.ts';
import type { JobRequest } from '../../shared/model/job-request.ts';
import type { PriceId } from '../../shared/model/price.ts';
import type { PlanInput } from '../jobs/plan/input.ts';
import { wayOf } from '../jobs/plan/ways.ts';
import { priceList } from '../observe/price-list.ts';
import { sessionLengths } from '../observe/session-lengths.ts';
import type { StartTimes } from '../observe/start-times.ts';
import type { FigureBook } from '../settings/figure-book.ts';
import type { ConsoleParts } from './parts.ts';
import { findingsOf } from './request-checks.ts';
import { askedSessions } from './asked-sessions.ts';

export interface Order {
  readonly serverId: string;
  readonly roomName: string;
  readonly mode: JobMode;
  readonly request: JobRequest;
}

/** All that a plan is made of, gathered from the parts that know it. */
export function planInput(parts: ConsoleParts, { serverId, roomName, mode, request }: Order): PlanInput {
  const { servers, rooms, starts, figures, settings, systemWatch } = parts;
  const list = rooms.rooms(serverId).value;
  return {
    mode,
    request,
    findings: findingsOf({ servers, rooms }, { serverId, roomName, request }),
    roomName,
    // A list that was never had says nothing about a room.
    roomExists: list.sight.asOfMs === null || list.rooms.some((room) => room.name === roomName),
    people: rooms.people(serverId, roomName) ?? [],
    ...planServer(parts, serverId),
    worker: parts.pages.worker(serverId),
    lengths: sessionLengths(servers.find(serverId)?.kind ?? null, figures.of(serverId).lengthsMs),
    startsHere: starts.medians(serverId),
    prices: planPrices(figures),
    diskFreeBytes: systemWatch.state.value.diskFreeBytes,
    recordingsFolder: settings.settings.value.recordingsFolder,
  };
}

/** What kind of server it is, and its egress sessions. */
export function planServer(
  { servers, limits, jobs }: ConsoleParts,
  serverId: string,
): Pick<PlanInput, 'server' | 'sessions'> {
  const server = servers.find(serverId);
  const sessions = limits.find(serverId, 'egress');
  return {
    server: { kind: server?.kind ?? 'self-hosted', egress: server?.egress ?? 'unknown' },
    sessions: {
      inUse: sessions?.inUse == null ? null : sessions.inUse + askedSessions(jobs, serverId),
      limit: sessions?.limit ?? null,
      source: sessions?.source ?? 'unknown',
    },
  };
}

function planPrices(figures: FigureBook): PlanInput['prices'] {
  const { currency, prices } = priceList(figures.figures.value);
  const priceOf = (id: PriceId): PlanInput['prices']['trackMinute'] => {
    const price = prices.find((one) => one.id === id);
    return price && price.amount !== null ? { amount: price.amount, source: price.source, from: price.from } : null;
  };
  return { currency, transcodedMinute: priceOf('egress-transcoded'), trackMinute: priceOf('egress-track') };
}

/** Keeps how long a start of ours took, from the press until the server was seen to record. */
export function measureStart(starts: StartTimes, job: Job, from: Job['phase'] | null): void {
  const hasBegun = from === 'starting' && job.phase === 'recording' && job.engine === 'egress';
  if (hasBegun && job.startedBy === 'here')
    starts.add(job.serverId, wayOf(job.request), job.phaseAtMs - job.requestedAtMs);
}
