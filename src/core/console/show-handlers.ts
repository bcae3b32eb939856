import type { ConsoleContract } from '../../shared/contract/index.ts';
import type { ShowOutcome } from '../../shared/contract/shows.ts';
import type { BatchPlan, BatchResult, BatchStart } from '../../shared/model/batch.ts';
import type { Problem } from '../../shared/model/common.ts';
import { captionsLabel } from '../../shared/model/captions.ts';
import { problemOf } from '../../shared/model/problem-error.ts';
import { readyJob, type Lack } from '../../shared/model/show-job.ts';
import type { Show } from '../../shared/model/show.ts';
import { timedStart } from '../../shared/model/timing.ts';
import type { Handlers } from '../../shared/rpc/contract.ts';
import type { ShowEntries } from '../settings/show-book.ts';
import type { ConsoleParts } from './parts.ts';
import { planStarts, startBatch } from './start-batch.ts';
import { startCaptions } from './start-captions.ts';

type ShowCalls =
  'shows' | 'saveShow' | 'removeShow' | 'chooseShow' | 'exportShow' | 'importShow' | 'planShow' | 'startShow';

const rowsEveryMs = 100;

/** Shows: kept, handed over as files, and started whole. */
export function showHandlers(core: ConsoleParts): Pick<Handlers<ConsoleContract>, ShowCalls> {
  const { shows } = core;
  return {
    shows: (_params, signal) => shows.shows.read(signal, rowsEveryMs),
    saveShow: (input) => shows.save(input, entriesOf(core, false)),
    removeShow: async ({ showId }) => (await shows.remove(showId), null),
    chooseShow: async ({ showId }) => (await shows.choose(showId), null),
    exportShow: async ({ showId }) => shows.export(showId),
    importShow: ({ text }) => shows.import(text),
    planShow: async ({ serverId, roomName, showId }) => {
      const show = shows.get(showId);
      const ready = readyIn(core, show, serverId, roomName);
      const starts = startsOf(ready);
      const plan = starts.length === 0 ? noPlan : planStarts(core, serverId, starts);
      return withCaptions(outcomeOf(ready, plan, []), show, null);
    },
    startShow: async ({ serverId, roomName, showId }) => {
      const show = shows.get(showId);
      const ready = readyIn(core, show, serverId, roomName);
      const starts = startsOf(ready);
      const { plan, jobs } = starts.length === 0 ? { plan: noPlan, jobs: [] } : startBatch(core, serverId, starts);
      const { captions } = show;
      const problem =
        captions === null
          ? null
          : await startCaptions(core, { ...captions, serverId, roomName }).then(() => null, problemOf);
      return withCaptions(outcomeOf(ready, plan, jobs), show, problem);
    },
  };
}

/** What this computer keeps, by twins; `toUse`: without what was kept for an earlier run only and must be entered again. */
function entriesOf({ addresses, storages }: ConsoleParts, toUse: boolean): ShowEntries {
  const isThere = (entry: { readonly isMissing: boolean }): boolean => !toUse || !entry.isMissing;
  return {
    addresses: addresses.addresses.value.addresses
      .filter(isThere)
      .map(({ id, name, kind, url }) => ({ id, name, kind, shown: url })),
    storages: storages.storages.value.storages
      .filter(isThere)
      .map(({ id, name, place, shown }) => ({ id, name, kind: place.provider, shown })),
  };
}

interface Ready {
  readonly start: BatchStart & { readonly title: string };
  readonly lacks: readonly Lack[];
}

function readyIn(core: ConsoleParts, show: Show, serverId: string, roomName: string): readonly Ready[] {
  const present = { ...entriesOf(core, true), people: core.rooms.people(serverId, roomName) ?? [] };
  return show.jobs.map((job) => {
    const { request, lacks } = readyJob(show, job, present);
    const timed = timedStart(job.timing, core.clock.nowMs());
    return { start: { roomName, title: job.title, mode: job.mode, request, ...timed }, lacks };
  });
}

const startsOf = (ready: readonly Ready[]): readonly BatchStart[] =>
  ready.filter(({ lacks }) => lacks.length === 0).map(({ start }) => start);

const noPlan: BatchPlan = { headline: 'None of its jobs can start here now.', parts: [] };

/** The parts of the plan lie in the order of the jobs that lack nothing. */
function outcomeOf(ready: readonly Ready[], plan: BatchPlan, begun: BatchResult['jobs']): ShowOutcome {
  let at = 0;
  const jobs = ready.map(({ start: { title }, lacks }): ShowOutcome['jobs'][number] => {
    if (lacks.length > 0) {
      const problem = lacking(lacks);
      return { title, engine: 'lacking', because: problem.text, problem };
    }
    const index = at++;
    const { engine, because } = plan.parts[index] ?? { engine: 'none', because: '' };
    return { title, engine, because, problem: begun[index]?.problem ?? null };
  });
  return { headline: plan.headline, jobs };
}

/** Captions stand last: they take no session of egress. */
const withCaptions = (outcome: ShowOutcome, { captions }: Show, problem: Problem | null): ShowOutcome =>
  captions === null
    ? outcome
    : {
        ...outcome,
        jobs: [...outcome.jobs, { title: 'Captions', engine: 'captions', because: captionsLabel(captions), problem }],
      };

const lacking = (lacks: readonly Lack[]): Problem => ({
  code: 'show-lacks',
  fault: 'yours',
  retryable: true,
  text: lacks.map(lackText).join(' '),
  advice: lacks.some(({ what }) => what === 'address' || what === 'storage')
    ? 'Enter what is missing under the same name: nothing secret comes with a show.'
    : 'It can start as soon as they are there.',
});

function lackText(lack: Lack): string {
  switch (lack.what) {
    case 'person':
      return `${lack.name} is not in the room.`;
    case 'track':
      return `${lack.name} publishes no ${lack.source === 'unknown' ? 'such track' : lack.source.replaceAll('-', ' ')}.`;
    case 'address':
      return `The address ${lack.name} (${lack.shown}) is not in the address book.`;
    case 'storage':
      return `The storage ${lack.name} (${lack.shown}) is not kept here.`;
  }
}
