import type { ConsoleContract } from '../../shared/contract/index.ts';
import { ProblemError } from '../../shared/model/problem-error.ts';
import type { Handlers } from '../../shared/rpc/contract.ts';
import { testServer } from '../livekit/server-test.ts';
import { controlHandlers } from './control-handlers.ts';
import { addressHandlers } from './address-handlers.ts';
import { destinationHandlers } from './destination-handlers.ts';
import { fileHandlers } from './file-handlers.ts';
import type { ConsoleParts } from './parts.ts';
import { historyHandlers } from './history-handlers.ts';
import { needServer } from './need-server.ts';
import { observabilityHandlers } from './observability-handlers.ts';
import { planHandlers } from './plan-handlers.ts';
import { priceHandlers } from './price-handlers.ts';
import { showHandlers } from './show-handlers.ts';
import { storageHandlers } from './storage-handlers.ts';
import { ruleHandlers } from './rule-handlers.ts';
import { runningOf, runningThere } from './running.ts';
import { startCaptions } from './start-captions.ts';
import { startOne } from './start-one.ts';
import { supportHandlers } from './support-handlers.ts';
import { workerHandlers } from './worker-handlers.ts';

/** Rows of a page are told at most this often; captions at once. */
const rowsEveryMs = 100;

type All = Handlers<ConsoleContract>;
type Some<K extends keyof All> = Pick<All, K>;

/** The answers to the page: each is one line to the part that knows. */
export function consoleHandlers(parts: ConsoleParts): All {
  return {
    ...serverHandlers(parts),
    ...roomHandlers(parts),
    ...controlHandlers(parts),
    ...jobHandlers(parts),
    ...historyHandlers(parts),
    ...ruleHandlers(parts),
    ...planHandlers(parts),
    ...showHandlers(parts),
    ...priceHandlers(parts),
    ...workerHandlers(parts),
    ...addressHandlers(parts),
    ...storageHandlers(parts),
    ...fileHandlers(parts),
    ...destinationHandlers(parts),
    ...captionHandlers(parts),
    ...systemHandlers(parts),
    ...observabilityHandlers(parts),
    ...supportHandlers(parts),
  };
}

function serverHandlers({
  servers,
  settings,
  jobs,
  captions,
  figures,
  clock,
  log,
}: ConsoleParts): Some<
  | 'servers'
  | 'chooseServer'
  | 'testServer'
  | 'saveServer'
  | 'removeServer'
  | 'settings'
  | 'changeSettings'
  | 'saveGladiaKey'
> {
  return {
    servers: (_params, signal) => servers.servers.read(signal, rowsEveryMs),
    chooseServer: async ({ serverId }) => (await servers.choose(serverId), null),
    testServer: async (input, signal) =>
      testServer({ ...(await servers.credentialsToTest(input)), clock, log, signal }),
    saveServer: (input) => servers.save(input),
    removeServer: async ({ serverId, letsGo }) => {
      // It would go on without a place in the page to stop it.
      const running = runningOf({ jobs, captions }, serverId);
      if (running.length > 0) throw inUse(running);
      const there = runningThere({ jobs }, serverId);
      if (there.length > 0 && !letsGo) throw hasJobs(there);
      await servers.remove(serverId);
      jobs.letGo(serverId);
      await figures.forget(serverId);
      return null;
    },
    settings: (_params, signal) => settings.settings.read(signal, rowsEveryMs),
    changeSettings: async (change) => (await settings.change(change), null),
    saveGladiaKey: async (input) => (await settings.saveGladiaKey(input), null),
  };
}

function roomHandlers({
  servers,
  rooms,
  jobs,
  levels,
  limits,
}: ConsoleParts): Some<'rooms' | 'room' | 'lookNow' | 'levels' | 'limits' | 'declareLimit'> {
  const need = (serverId: string): void => needServer(servers, serverId);
  return {
    rooms: ({ serverId }, signal) => (
      need(serverId),
      jobs.servers.watch(serverId),
      rooms.rooms(serverId).read(signal, rowsEveryMs)
    ),
    room: ({ serverId, roomName }, signal) => (need(serverId), rooms.room(serverId, roomName, signal)),
    lookNow: async ({ serverId }) => (need(serverId), rooms.lookNow(serverId), jobs.servers.nudge(serverId), null),
    levels: async ({ serverId, roomName }) => (need(serverId), { url: levels.address(serverId, roomName) }),
    limits: ({ serverId }, signal) => (need(serverId), limits.limits(serverId).read(signal, rowsEveryMs)),
    declareLimit: async ({ serverId, id, limit }) => (need(serverId), limits.declare(serverId, id, limit), null),
  };
}

function jobHandlers(
  parts: ConsoleParts,
): Some<'jobs' | 'startJob' | 'stopJob' | 'tryNow' | 'recordHere' | 'forgetJob'> {
  const { jobs, servers } = parts;
  return {
    jobs: ({ serverId }, signal) => (
      needServer(servers, serverId),
      jobs.servers.watch(serverId),
      jobs.jobs(serverId).read(signal, rowsEveryMs)
    ),
    startJob: async (order) => {
      needServer(servers, order.serverId);
      return startOne(parts, order);
    },
    stopJob: async ({ jobId }) => jobs.stop(jobId),
    tryNow: async ({ jobId }) => jobs.tryNow(jobId),
    recordHere: async ({ jobId }) => jobs.recordHere(jobId, 'The producer asked for it.'),
    forgetJob: async ({ jobId }) => jobs.forget(jobId),
  };
}

function captionHandlers({
  servers,
  captions,
  accounts,
}: ConsoleParts): Some<
  'captionSessions' | 'startCaptions' | 'stopCaptions' | 'addMarker' | 'exportCaptions' | 'transcript'
> {
  return {
    captionSessions: ({ serverId }, signal) => (
      needServer(servers, serverId),
      map(captions.sessions(serverId).read(signal, rowsEveryMs), (sessions) => ({ sessions }))
    ),
    startCaptions: async (input) => (needServer(servers, input.serverId), startCaptions({ captions, accounts }, input)),
    stopCaptions: ({ sessionId }) => captions.stop(sessionId),
    addMarker: async ({ sessionId, name, atMs }) => (captions.addMarker(sessionId, name, atMs), null),
    exportCaptions: async ({ sessionId, format }) => captions.export(sessionId, format),
    transcript: ({ sessionId }, signal) => captions.transcript(sessionId, signal),
  };
}

const hasJobs = (jobs: readonly string[]): ProblemError =>
  new ProblemError({
    code: 'server-has-jobs',
    fault: 'yours',
    retryable: true,
    text: `Jobs run or wait at this server: ${jobs.join(', ')}.`,
    advice: 'Without it what runs there runs on, unseen from here, and what waits is called off.',
  });

const inUse = (running: readonly string[]): ProblemError =>
  new ProblemError({
    code: 'server-in-use',
    fault: 'yours',
    retryable: true,
    text: 'Something of this server still runs here.',
    advice: `Stop it first: ${running.join(', ')}.`,
  });

async function* map<A, B>(items: AsyncIterable<A>, change: (item: A) => B): AsyncGenerator<B> {
  for await (const item of items) yield change(item);
}

function systemHandlers({
  host,
  ffmpeg,
  dataFolder,
  logsFolder,
  systemWatch,
  incidents,
  rehearsal,
}: ConsoleParts): Some<
  'systemInfo' | 'system' | 'revealLogs' | 'incidents' | 'closeIncident' | 'rehearsal' | 'runDrill'
> {
  const versions = Object.fromEntries(
    Object.entries(process.versions).flatMap(([name, version]) => (version ? [[name, version]] : [])),
  );
  return {
    systemInfo: async () => ({
      host: host.name,
      version: host.version,
      versions,
      ffmpeg: ffmpeg.found,
      ffmpegProblem: ffmpeg.problem,
      dataFolder,
      logsFolder,
    }),
    system: (_params, signal) => systemWatch.state.read(signal, rowsEveryMs),
    revealLogs: async () => (await host.reveal(logsFolder), null),
    incidents: (_params, signal) => incidents.list.read(signal, rowsEveryMs),
    closeIncident: async ({ incidentId }) => (incidents.close(incidentId), null),
    rehearsal: (_params, signal) => rehearsal.view.read(signal, rowsEveryMs),
    runDrill: async ({ id }) => ({ text: await rehearsal.drill(id) }),
  };
}
