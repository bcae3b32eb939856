import type { CaptionSession } from '../../shared/model/captions.ts';
import { isRunning } from '../../shared/model/job.ts';
import type { ConsoleParts } from './parts.ts';

type Parts = Pick<ConsoleParts, 'servers' | 'jobs' | 'captions'>;

/** What of a server would end if the console closed now, a line each. Egress goes on at its server and is not among it. */
export function runningOf({ jobs, captions }: Omit<Parts, 'servers'>, serverId: string): readonly string[] {
  const recordings = jobs
    .jobs(serverId)
    .value.jobs.filter((job) => isRunning(job) && job.desk !== null && job.desk.endedAtMs === null);
  return [
    ...recordings.map((job) => `Recording of ${job.roomName}, here`),
    ...sessionsOf(captions, serverId).map((session) => `Captions of ${session.roomName}`),
  ];
}

/** What runs at a server, or waits to be started there, a line each. It is lost sight of where the server is removed. */
export const runningThere = ({ jobs }: Pick<Parts, 'jobs'>, serverId: string): readonly string[] =>
  jobs
    .jobs(serverId)
    .value.jobs.filter(isRunning)
    .map((job) => `${job.title} in ${job.roomName}`);

/** The same of every server. */
export const runningHere = (parts: Parts): readonly string[] =>
  serverIds(parts).flatMap((serverId) => runningOf(parts, serverId));

/** How many caption sessions go on. */
export const captionsRunning = (parts: Parts): number =>
  serverIds(parts).flatMap((serverId) => sessionsOf(parts.captions, serverId)).length;

const serverIds = ({ servers }: Parts): readonly string[] => servers.servers.value.servers.map(({ id }) => id);

const sessionsOf = (captions: Parts['captions'], serverId: string): readonly CaptionSession[] =>
  captions.sessions(serverId).value.filter((session) => session.state !== 'ended');
