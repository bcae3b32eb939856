import type { ConsoleContract } from '../../shared/contract/index.ts';
import type { Problem } from '../../shared/model/common.ts';
import type { Job } from '../../shared/model/job.ts';
import { ProblemError, problemOf } from '../../shared/model/problem-error.ts';
import { readyJob, type Lack } from '../../shared/model/show-job.ts';
import type { Handlers } from '../../shared/rpc/contract.ts';
import type { ShowEntries } from '../settings/show-book.ts';
import { needServer } from './need-server.ts';
import type { ConsoleParts } from './parts.ts';
import { refuseUnfit } from './request-checks.ts';

type ShowCalls = 'shows' | 'saveShow' | 'removeShow' | 'chooseShow' | 'exportShow' | 'importShow' | 'startShow';

const rowsEveryMs = 100;

/** Shows: kept, handed over as files, and started whole. */
export function showHandlers({
  shows,
  addresses,
  storages,
  servers,
  rooms,
  jobs,
}: ConsoleParts): Pick<Handlers<ConsoleContract>, ShowCalls> {
  const entries = (): ShowEntries => ({
    // One that was kept for an earlier run only is known by name, and must be entered again.
    addresses: addresses.addresses.value.addresses
      .filter((each) => !each.isMissing)
      .map(({ id, name, kind, url }) => ({ id, name, kind, shown: url })),
    storages: storages.storages.value.storages
      .filter((each) => !each.isMissing)
      .map(({ id, name, place, shown }) => ({ id, name, kind: place.provider, shown })),
  });
  return {
    shows: (_params, signal) => shows.shows.read(signal, rowsEveryMs),
    saveShow: (input) => shows.save(input, entries()),
    removeShow: async ({ showId }) => (await shows.remove(showId), null),
    chooseShow: async ({ showId }) => (await shows.choose(showId), null),
    exportShow: async ({ showId }) => shows.export(showId),
    importShow: ({ text }) => shows.import(text),
    startShow: async ({ serverId, roomName, showId }) => {
      needServer(servers, serverId);
      const show = shows.get(showId);
      const present = { ...entries(), people: rooms.people(serverId, roomName) ?? [] };
      const started: Job[] = [];
      const refused: { readonly title: string; readonly problem: Problem }[] = [];
      for (const job of show.jobs) {
        const { title, mode } = job;
        try {
          const { request, lacks } = readyJob(show, job, present);
          if (lacks.length > 0) throw lacking(lacks);
          refuseUnfit({ servers, rooms }, { serverId, roomName, mode, request });
          started.push(jobs.start({ serverId, roomName, mode, request, title }));
        } catch (error) {
          refused.push({ title, problem: problemOf(error) });
        }
      }
      return { started, refused };
    },
  };
}

const lacking = (lacks: readonly Lack[]): ProblemError =>
  new ProblemError({
    code: 'show-lacks',
    fault: 'yours',
    retryable: true,
    text: `${lacks.map(lackText).join(' ')} It was not started.`,
    advice: lacks.some(({ what }) => what === 'address' || what === 'storage')
      ? 'Enter what is missing under the same name; nothing secret comes with the file of a show.'
      : 'Start it again when they are there.',
  });

function lackText(lack: Lack): string {
  switch (lack.what) {
    case 'person':
      return `${lack.name} is not in the room.`;
    case 'track':
      return `${lack.name} publishes no ${lack.source === 'unknown' ? 'such track' : lack.source.replaceAll('-', ' ')}.`;
    case 'address':
      return `The address ${lack.name} is not in the address book.`;
    case 'storage':
      return `There is no storage ${lack.name}.`;
  }
}
