import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ConsoleContract } from '../../shared/contract/index.ts';
import type { CaptionSession, Utterance } from '../../shared/model/captions.ts';
import { isRunning, type Job, type JobFile } from '../../shared/model/job.ts';
import type { Client } from '../../shared/rpc/contract.ts';
import type { HeardWord, RehearsalControl } from './control.ts';
import type { RehearseOptions } from './options.ts';
import { spread, type FileReport, type JobReport, type Summary } from './summary.ts';
import { programRequest } from '../../shared/model/job-request.ts';

type Api = Client<ConsoleContract>;
type Say = (line: string) => void;

/** A self-hosted refusal takes up to 25 s; nothing of the rehearsal takes longer. */
const patienceMs = 60_000;
const lengthToleranceMs = 1_000;
/** A word at the very edge of a file is not held against it: its picture and sound begin within a frame of each other. */
const edgeMs = 150;

/** Records and captions a room for a while, then checks every word and every file. */
export async function runMainJob(
  api: Api,
  control: RehearsalControl,
  options: RehearseOptions,
  say: Say,
): Promise<Summary> {
  const serverId = await rehearsalServer(api);
  const list = await until(
    api.rooms({ serverId }),
    ({ rooms }) => rooms.some((room) => room.name === options.room && room.peopleCount > 0),
    'the room',
  );
  say(`${options.room} is there.`);
  if (options.drill) await control.drill(options.drill);

  const session = await api.startCaptions({ serverId, roomName: options.room, feed: options.feed });
  const job = await api.startJob({
    serverId,
    roomName: options.room,
    mode: 'best',
    request: programRequest('{room_name}-{time}', 'grid'),
    title: 'program.mp4',
  });
  const live = await until(
    api.captionSessions({ serverId }),
    ({ sessions }) => find(sessions, session.id).state === 'live',
    'captions',
  );
  await until(api.jobs({ serverId }), ({ jobs }) => find(jobs, job.id).phase === 'recording', 'the recording');
  say(`Recording and captioning for ${options.seconds} s.`);
  const fromMs = Math.max(find(live.sessions, session.id).startedAtMs ?? 0, Date.now());
  await delay(options.seconds * 1000);
  const toMs = Date.now();
  await Promise.all([api.stopCaptions({ sessionId: session.id }), api.stopJob({ jobId: job.id })]);
  const ended = await until(
    api.captionSessions({ serverId }),
    ({ sessions }) => find(sessions, session.id).state === 'ended',
    'the end of the captions',
  );
  const { jobs } = await until(
    api.jobs({ serverId }),
    (value) => !isRunning(find(value.jobs, job.id)),
    'the end of the recording',
  );
  say('Checking every word.');

  const lines = await linesOf(api, session.id);
  const startedAtMs = find(ended.sessions, session.id).startedAtMs ?? fromMs;
  const words = await control.compare(options.room, fromMs, toMs, heardIn(lines, startedAtMs));
  await exportAll(api, session.id, options.out);
  const reports = await Promise.all(
    jobs.filter((one) => one.id === job.id).map((one) => reportOf(one, options.room, control)),
  );
  const { incidents } = await until(api.incidents({}), () => true, 'incidents');
  const captions = {
    feed: options.feed,
    words,
    lines: lines.length,
    delayMs: spread(lines.flatMap((line) => (line.delayMs === null ? [] : [line.delayMs]))),
  };
  const wrong = [
    ...wrongOfCaptions(words),
    ...reports.flatMap((report) => wrongOfJob(report, find(jobs, job.id), options)),
  ];
  return {
    isRight: wrong.length === 0,
    wrong,
    rooms: list.rooms.map((room) => ({ name: room.name, people: room.peopleCount })),
    jobs: reports,
    captions,
    incidents: incidents.map(({ atMs, kind, what, done }) => ({ at: new Date(atMs).toISOString(), kind, what, done })),
  };
}

async function rehearsalServer(api: Api): Promise<string> {
  const { servers } = await until(
    api.servers({}),
    (value) => value.servers.some((server) => server.kind === 'rehearsal'),
    'the rehearsal',
  );
  const server = servers.find((one) => one.kind === 'rehearsal');
  if (!server) throw new Error('The rehearsal is not among the servers.');
  await api.chooseServer({ serverId: server.id });
  return server.id;
}

/** The first value of a feed that is as wanted. */
async function until<T>(feed: AsyncIterable<T>, isWanted: (value: T) => boolean, what: string): Promise<T> {
  const limit = AbortSignal.timeout(patienceMs);
  const late = new Promise<never>((_resolve, reject) => {
    limit.addEventListener('abort', () => reject(new Error(`Waited ${patienceMs / 1000} s for ${what} in vain.`)), {
      once: true,
    });
  });
  const wanted = (async (): Promise<T> => {
    for await (const value of feed) if (isWanted(value)) return value;
    throw new Error(`The console ended before ${what} was there.`);
  })();
  return Promise.race([wanted, late]);
}

function find<T extends { readonly id: string }>(list: readonly T[], id: string): T {
  const found = list.find((one) => one.id === id);
  if (!found) throw new Error(`${id} is not in the list.`);
  return found;
}

async function linesOf(api: Api, sessionId: CaptionSession['id']): Promise<readonly Utterance[]> {
  for await (const item of api.transcript({ sessionId })) {
    if (item.type === 'snapshot')
      return item.entries.flatMap((entry) => (entry.type === 'utterance' && entry.isFinal ? [entry] : []));
  }
  return [];
}

const heardIn = (lines: readonly Utterance[], startedAtMs: number): HeardWord[] =>
  lines.flatMap((line) =>
    line.words.map((word) => ({ identity: line.identity, word: word.text, atMs: startedAtMs + word.startMs })),
  );

async function exportAll(api: Api, sessionId: string, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const format of ['srt', 'vtt', 'txt', 'json'] as const) {
    const file = await api.exportCaptions({ sessionId, format });
    writeFileSync(join(folder, file.fileName), file.text);
  }
}

async function reportOf(job: Job, room: string, control: RehearsalControl): Promise<JobReport> {
  // The mix holds everybody's words; one person's file holds theirs alone and is checked by the tests of the desk.
  const files = job.files.filter((file) => file.content === 'program' && file.isLocal);
  return {
    title: job.title,
    engine: job.engine,
    phase: job.phase,
    text: job.text,
    refusal: job.refusal?.said ?? null,
    files: await Promise.all(files.map((file) => checkFile(job, file, room, control))),
  };
}

async function checkFile(job: Job, file: JobFile, room: string, control: RehearsalControl): Promise<FileReport> {
  const { words, durationMs } = await control.decode(file.location);
  const startedAtMs = file.startedAtMs ?? job.requestedAtMs;
  const part = file.engine === 'egress' ? job.egress : job.desk;
  const ownMs = (part?.endedAtMs ?? startedAtMs) - (part?.startedAtMs ?? startedAtMs);
  const heard = words.map(({ identity, word, atMs }) => ({ identity, word, atMs: startedAtMs + atMs }));
  return {
    name: file.name,
    path: file.location,
    bytes: file.bytes ?? 0,
    durationMs: Math.round(durationMs),
    offByMs: Math.round(durationMs - ownMs),
    words: await control.compare(room, startedAtMs + edgeMs, startedAtMs + durationMs - edgeMs, heard),
  };
}

const wrongOfWords = (words: FileReport['words'], where: string): string[] => [
  ...(words.spoken === 0 ? [`${where}: nobody spoke meanwhile.`] : []),
  ...(words.missing.length > 0
    ? [`${where}: ${words.missing.length} words are missing (${words.missing.slice(0, 5).join(', ')}).`]
    : []),
  ...(words.doubled.length > 0
    ? [`${where}: ${words.doubled.length} words came twice (${words.doubled.slice(0, 5).join(', ')}).`]
    : []),
  ...(words.wrong.length > 0
    ? [`${where}: ${words.wrong.length} words were not spoken so (${words.wrong.slice(0, 5).join(', ')}).`]
    : []),
];
const wrongOfCaptions = (words: FileReport['words']): string[] => wrongOfWords(words, 'Captions');

function wrongOfJob(report: JobReport, job: Job, options: RehearseOptions): string[] {
  const wanted = options.drill ? 'desk' : 'egress';
  return [
    ...(report.phase === 'done' ? [] : [`The job ended ${report.phase}: ${report.text}`]),
    ...(report.engine === wanted ? [] : [`The job was held by ${report.engine}, not by ${wanted}.`]),
    ...(options.drill && !report.refusal ? ['The server was to refuse the job, and did not.'] : []),
    ...(report.files.some((file) => job.files.find((one) => one.location === file.path)?.engine === wanted)
      ? []
      : ['There is no file of it here to check.']),
    ...report.files.flatMap((file) => [
      ...(Math.abs(file.offByMs) <= lengthToleranceMs
        ? []
        : [`${file.name} is ${file.offByMs} ms longer than the job's own times.`]),
      ...wrongOfWords(file.words, file.name).filter(
        (line) => file.durationMs > 5_000 || !line.includes('nobody spoke'),
      ),
    ]),
  ];
}
