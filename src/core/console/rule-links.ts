import { isRunning, type Job } from '../../shared/model/job.ts';
import type { JobRequest } from '../../shared/model/job-request.ts';
import { ruleRequest } from '../../shared/model/rule-request.ts';
import type { Clock } from '../live/clock.ts';
import type { Log } from '../live/log.ts';
import type { Budget, JobSubject, RuleStart, RuleStore, SeenJob, SeenRoom } from '../rules/ports.ts';
import { RulesEngine } from '../rules/rules-engine.ts';
import type { ConsoleParts } from './parts.ts';
import { refuseUnfit } from './request-checks.ts';
import { ruleWithoutOutput } from './rule-handlers.ts';
import { askedSessions } from './asked-sessions.ts';

type Parts = Pick<ConsoleParts, 'servers' | 'rooms' | 'jobs' | 'limits' | 'incidents'> & {
  readonly store: RuleStore;
  readonly clock: Clock;
  readonly log: Log;
};

/** The rules, joined to the rooms that they look at, the jobs that they start and the limits that they keep to. */
export function openRules({ store, servers, rooms, jobs, limits, incidents, clock, log }: Parts): RulesEngine {
  return new RulesEngine({
    store,
    rooms: (serverId) => seenRooms(rooms, serverId),
    jobs: (serverId) => seenJobs(jobs.jobs(serverId).value.jobs),
    budget: (serverId) => budgetOf({ servers, jobs, limits }, serverId),
    start: (start) => {
      const { rule, roomName } = start;
      const order = {
        serverId: rule.serverId,
        roomName,
        mode: start.what === 'room' ? 'desk-only' : 'egress-only',
        request: requestOf(start),
      } as const;
      refuseUnfit({ servers, rooms }, order);
      return jobs.start({ ...order, title: titleOf(start), asksAgain: false }).id;
    },
    stop: ({ jobId }) => void jobs.stop(jobId),
    follow: (serverId, changed) => {
      const offs = [
        rooms.rooms(serverId).on(changed),
        jobs.jobs(serverId).on(changed),
        limits.limits(serverId).on(changed),
      ];
      return () => {
        for (const off of offs) off();
      };
    },
    onServerRemoved: (listener) =>
      servers.changed.on(({ serverId, what }) => {
        if (what === 'removed') listener(serverId);
      }),
    onDecided: (rule, what, done) =>
      incidents.add({ kind: 'job', state: 'decided', serverId: rule.serverId, roomName: rule.roomName, what, done }),
    clock,
    log,
  });
}

/** Null while the server is not seen: what was seen last may be long untrue. */
function seenRooms(rooms: ConsoleParts['rooms'], serverId: string): readonly SeenRoom[] | null {
  const list = rooms.rooms(serverId).value;
  if (list.sight.state !== 'current') return null;
  return list.rooms.flatMap(({ name, createdAtMs }) => {
    const people = rooms.people(serverId, name);
    return people ? [{ name, openedAtMs: createdAtMs, people }] : [];
  });
}

/** Jobs as rules see them; one that waits for its hour holds nobody yet. */
export const seenJobs = (jobs: readonly Job[]): readonly SeenJob[] =>
  jobs.filter(({ phase }) => phase !== 'armed').map(seenJob);

function seenJob(job: Job): SeenJob {
  const { id, roomName, phase, startedAtMs, endedAtMs } = job;
  return {
    id,
    roomName,
    subject: subjectOf(job.request),
    state: phase === 'waiting' || phase === 'armed' ? 'starting' : phase,
    nextId: job.handOver?.successorId ?? null,
    problem: problemOf(job),
    endedAtMs: isRunning(job) ? null : job.phaseAtMs, // by the clock of here
    ranMs: startedAtMs === null || endedAtMs === null ? 0 : Math.max(0, endedAtMs - startedAtMs),
  };
}

function subjectOf(request: JobRequest): JobSubject {
  if (request.kind === 'participant' && !request.screenShare) return { by: 'participant', identity: request.identity };
  return request.kind === 'track' ? { by: 'track', trackSid: request.trackSid } : { by: 'other' };
}

/** Why a job ended before its time; null where it ended well, was stopped, or runs. */
function problemOf(job: Job): SeenJob['problem'] {
  if (isRunning(job) || job.stopAskedAtMs !== null) return null;
  if (job.refusal) {
    const { code, text, retryable } = job.refusal.problem;
    return { code, text, isRetryable: retryable };
  }
  // The sound of a room ends by itself only with the room, or with the console.
  const isCutOff = job.egress?.status === 'limit-reached' || job.egress?.isCutShort === true;
  if (job.phase === 'failed' || isCutOff || job.request.kind === 'room-sound')
    return { code: 'ended-early', text: job.text, isRetryable: true };
  return null;
}

function budgetOf(parts: Pick<Parts, 'servers' | 'jobs' | 'limits'>, serverId: string): Budget {
  const asking = askedSessions(parts.jobs, serverId);
  if (parts.servers.find(serverId)?.egress === 'absent') return { isListed: true, free: 0, limit: 0, asking };
  const sessions = parts.limits.find(serverId, 'egress');
  const limit = sessions?.limit ?? null;
  const inUse = sessions?.inUse ?? null;
  const free = limit === null ? null : Math.max(0, limit - (inUse ?? 0) - asking);
  return { isListed: inUse !== null, free, limit, asking };
}

function requestOf({ rule, what, identity, trackSid }: RuleStart): JobRequest {
  if (what === 'room') return { kind: 'room-sound' };
  const request = ruleRequest(rule, { identity, trackSid: trackSid ?? '' });
  if (request) return request;
  throw ruleWithoutOutput();
}

const titleOf = ({ rule, what, name, roomName }: RuleStart): string =>
  `${what === 'room' ? `Sound of ${roomName}` : name}, ${rule.name}`.slice(0, 120);
