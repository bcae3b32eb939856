import type { JobController } from '../jobs/job-controller.ts';
import { HandOverWatch } from '../jobs/hand-over/hand-over-watch.ts';
import type { Clock } from '../live/clock.ts';
import type { Log } from '../live/log.ts';
import type { Incidents } from '../observe/incidents.ts';
import type { LimitBook } from '../observe/limits.ts';
import { sessionLengths } from '../observe/session-lengths.ts';
import type { FigureBook } from '../settings/figure-book.ts';
import type { ServerBook } from '../settings/server-book.ts';
import { askedSessions } from './asked-sessions.ts';

export interface HandOverParts {
  readonly servers: ServerBook;
  readonly jobs: JobController;
  readonly figures: FigureBook;
  readonly limits: LimitBook;
  readonly incidents: Incidents;
  readonly clock: Clock;
  readonly log: Log;
}

const told = {
  overlapped: {
    state: 'decided',
    done: 'The next part records; both hold the same seconds where they overlap. The first was stopped.',
  },
  bridged: {
    state: 'decided',
    done: 'No session was free for an overlap: the sound between the parts is kept here, in a recording of its own.',
  },
  cut: { state: 'trouble', done: 'The next part records; between the two some seconds are missing.' },
  'not-taken-over': { state: 'trouble', done: 'The next part did not start. Start it again, or record here.' },
} as const;

/** Watches the session limits of every server, and has jobs handed over before they meet theirs. */
export function watchHandOvers(parts: HandOverParts): HandOverWatch {
  const { servers, jobs, figures, limits, incidents, clock, log } = parts;
  return new HandOverWatch({
    serverIds: () => servers.servers.value.servers.map(({ id }) => id),
    jobs: (serverId) => jobs.jobs(serverId).value.jobs,
    lengths: (serverId) => sessionLengths(servers.find(serverId)?.kind ?? null, figures.of(serverId).lengthsMs),
    isOn: (serverId) => figures.of(serverId).handsOver,
    free: (serverId) => {
      const egress = limits.find(serverId, 'egress');
      if (egress?.limit == null || egress.inUse === null) return null;
      return Math.max(0, egress.limit - egress.inUse - askedSessions(jobs, serverId));
    },
    start: (order) => jobs.start(order),
    stop: (jobId) => void jobs.stop(jobId),
    keep: (jobId, mark, told) => jobs.note(jobId, { type: 'handedOver', atMs: clock.nowMs(), mark, told }),
    keepTaken: (jobId, told) => jobs.note(jobId, { type: 'tookOver', atMs: clock.nowMs(), told }),
    onTold: (old, what, successor) =>
      void incidents.add({
        kind: 'job',
        ...told[what],
        serverId: old.serverId,
        roomName: old.roomName,
        jobId: (successor ?? old).id,
        what: `"${old.title}" met the session limit of its server${successor && what !== 'not-taken-over' ? `, and "${successor.title}" took over` : ''}.`,
      }),
    onEnds: (serverId, ends) => limits.setEnds(serverId, ends),
    clock,
    log,
  });
}
