import type { CaptionSession, TranscriptEntry, Utterance } from '../../src/shared/model/captions.ts';
import type { Incident } from '../../src/shared/model/incident.ts';
import { isRunning, type Job } from '../../src/shared/model/job.ts';
import { WebSocket } from 'ws';
import { type Api, until } from './whole-console.ts';
import { programRequest } from '../../src/shared/model/job-request.ts';

/** What a producer does with the page: these follow one job or one session of captions to the state that is wanted. */

export const jobWhen = async (
  api: Api,
  job: Job,
  isWanted: (job: Job) => boolean,
  what: string,
  limitMs?: number,
): Promise<Job> => {
  const find = (jobs: readonly Job[]): Job | undefined => jobs.find((one) => one.id === job.id);
  const { jobs } = await until(
    api.jobs({ serverId: job.serverId }),
    (value) => {
      const found = find(value.jobs);
      return found !== undefined && isWanted(found);
    },
    `${job.title} ${what}`,
    limitMs,
  );
  return find(jobs) ?? job;
};
export const jobEnd = (api: Api, job: Job): Promise<Job> => jobWhen(api, job, (one) => !isRunning(one), 'to end');

export const startRecording = (
  api: Api,
  serverId: string,
  title: string,
  mode: 'best' | 'egress-only' = 'best',
): Promise<Job> =>
  api.startJob({
    serverId,
    roomName: 'town-hall',
    mode,
    request: programRequest(`${title}-{time}`, 'grid'),
    title,
  });

/** Declares how long a file may last, and starts the sound of the room into one. */
export async function startLimited(
  api: Api,
  serverId: string,
  limitMs: number,
  mode: 'best' | 'egress-only',
): Promise<Job> {
  await api.declareLength({ serverId, output: 'file', limitMs });
  const request = { ...programRequest('show'), layout: '', tracks: 'audio' } as const;
  return api.startJob({ serverId, roomName: 'town-hall', mode, request, title: 'show' });
}

export const sessionWhen = async (
  api: Api,
  session: CaptionSession,
  isWanted: (session: CaptionSession) => boolean,
  what: string,
  limitMs?: number,
): Promise<CaptionSession> => {
  const find = (sessions: readonly CaptionSession[]): CaptionSession | undefined =>
    sessions.find((one) => one.id === session.id);
  const { sessions } = await until(
    api.captionSessions({ serverId: session.serverId }),
    (value) => {
      const found = find(value.sessions);
      return found !== undefined && isWanted(found);
    },
    `captions ${what}`,
    limitMs,
  );
  return find(sessions) ?? session;
};
export const live = (one: CaptionSession): boolean => one.state === 'live';
export const ended = (one: CaptionSession): boolean => one.state === 'ended';

export async function entriesOf(api: Api, sessionId: string): Promise<readonly TranscriptEntry[]> {
  for await (const item of api.transcript({ sessionId })) if (item.type === 'snapshot') return item.entries;
  throw new Error('The transcript ended before it began.');
}

export async function incidentsOf(api: Api): Promise<readonly Incident[]> {
  return (await until(api.incidents({}), () => true, 'incidents')).incidents;
}

export const finalsOf = (entries: readonly TranscriptEntry[]): Utterance[] =>
  entries.flatMap((entry) => (entry.type === 'utterance' && entry.isFinal ? [entry] : []));

/** Levels of one moment in dB below full scale, by identity; null: no sound arrives. */
export type Levels = ReadonlyMap<string, { readonly peakDb: number; readonly rmsDb: number } | null>;

/** Opens a room's meters, as the page does with the room; resolves with the first levels. The socket is to be closed. */
export async function openMeters(
  api: Api,
  serverId: string,
  roomName: string,
  onLevels: (levels: Levels) => void = () => {},
): Promise<{ close(): Promise<void> }> {
  const { url } = await api.levels({ serverId, roomName });
  const socket = new WebSocket(url);
  let people: readonly string[] = [];
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('The meters closed before they told anything.')));
    socket.on('message', (data: Buffer, isBinary) => {
      if (!isBinary) {
        people = (JSON.parse(data.toString()) as { people: string[] }).people;
        return;
      }
      const level = (index: number): [string, { peakDb: number; rmsDb: number } | null] => {
        const peak = data.readInt16LE(4 * (index + 1));
        const rms = data.readInt16LE(4 * (index + 1) + 2);
        return [people[index] ?? '', peak === -32_768 ? null : { peakDb: peak / 10, rmsDb: rms / 10 }];
      };
      const levels = new Map(people.map((_identity, index) => level(index)));
      onLevels(levels);
      if ([...levels.values()].some((one) => one !== null)) resolve();
    });
  });
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  return {
    async close() {
      socket.close();
      await closed;
    },
  };
}
