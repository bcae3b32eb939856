import type { HistoryFilter, StoryLine } from '../../../shared/contract/history.ts';
import type { FileCheck } from '../../../shared/model/file-check.ts';
import type { Job } from '../../../shared/model/job.ts';
import { readJobState } from '../job-state.ts';
import { viewOf } from '../job-view.ts';
import type { JobEventRow, JobRow } from '../ports.ts';
import { historyCsv } from './history-csv.ts';

interface HistoryQuery {
  readonly serverId: string | null;
  readonly roomName: string | null;
  /** In lower case; each must be in the words of the row. */
  readonly words: readonly string[];
  readonly kind: string | null;
  /** None: all. */
  readonly phases: readonly string[];
  readonly fromMs: number | null;
}
/** The journal, as far as the history needs it; newest first. */
interface HistoryStore {
  search(query: HistoryQuery, limit: number, offset: number): readonly JobRow[];
  count(query: HistoryQuery): number;
  get(jobId: string): JobRow | null;
  rooms(serverId: string | null, limit: number): readonly string[];
}
interface CheckStore {
  of(jobId: string): readonly FileCheck[];
}
interface StoryStore {
  of(jobId: string): readonly JobEventRow[];
}

interface ToldJob extends Job {
  readonly fileChecks: readonly FileCheck[];
  readonly story: readonly StoryLine[];
}

/** More than a list is read for; older rooms are found by their words. */
const maxRooms = 200;
const maxExported = 10_000;
const pageSize = 500;
const phasesOf = {
  running: ['armed', 'waiting', 'starting', 'recording', 'stopping'],
  done: ['done'],
  failed: ['failed'],
} as const;

/** Every job that the journal knows, read page by page from it: what the server has long forgotten is still here. */
export class JobHistory {
  readonly #store: HistoryStore;
  readonly #events: StoryStore;
  readonly #checks: CheckStore;
  readonly #isServerHere: (serverId: string) => boolean;

  constructor(
    store: HistoryStore,
    events: StoryStore,
    checks: CheckStore,
    isServerHere: (serverId: string) => boolean,
  ) {
    this.#checks = checks;
    this.#isServerHere = isServerHere;
    this.#store = store;
    this.#events = events;
  }

  page(
    filter: HistoryFilter,
    limit: number,
    offset: number,
  ): { readonly jobs: Job[]; readonly total: number; readonly rooms: string[] } {
    const query = queryOf(filter);
    return {
      jobs: this.#jobsOf(this.#store.search(query, limit, offset)),
      total: this.#store.count(query),
      rooms: [...this.#store.rooms(filter.serverId, maxRooms)],
    };
  }

  /** One job, however old; null where it is not known. */
  job(jobId: string): Job | null {
    const row = this.#store.get(jobId);
    return (row && this.#jobsOf([row])[0]) ?? null;
  }

  story(jobId: string): readonly StoryLine[] {
    return this.#events
      .of(jobId)
      .filter(({ told }) => told !== '')
      .map(({ atMs, told, said }) => ({ atMs: Math.round(atMs), told, said }));
  }

  export(filter: HistoryFilter, format: 'csv' | 'json'): { readonly text: string; readonly count: number } {
    if (format === 'csv') {
      const jobs = [...this.#read(filter, maxExported)];
      return { text: historyCsv(jobs, (jobId) => this.#checks.of(jobId)), count: jobs.length };
    }
    const told = [...this.told(filter, maxExported)];
    return { text: `${JSON.stringify(told, null, 2)}\n`, count: told.length };
  }

  /** The newest that the filter leaves, each with its story and what was found of its files. */
  *told(filter: HistoryFilter, limit: number): Generator<ToldJob> {
    for (const job of this.#read(filter, limit))
      yield { ...job, fileChecks: this.#checks.of(job.id), story: this.story(job.id) };
  }

  *#read(filter: HistoryFilter, limit: number): Generator<Job> {
    const query = queryOf(filter);
    for (let offset = 0; offset < limit; offset += pageSize) {
      const size = Math.min(pageSize, limit - offset);
      const rows = this.#store.search(query, size, offset);
      yield* this.#jobsOf(rows);
      if (rows.length < size) return;
    }
  }

  /** What can be read of them; a row that cannot stays in the journal. */
  #jobsOf(rows: readonly JobRow[]): Job[] {
    return rows.flatMap((row) => {
      const job = readJobState(row.state);
      const isServerHere = this.#isServerHere(row.serverId);
      return job ? [viewOf(job, { warnings: [], unknownSinceMs: null, isServerHere })] : [];
    });
  }
}

const queryOf = ({ serverId, roomName, text, kind, state, fromMs }: HistoryFilter): HistoryQuery => ({
  serverId,
  roomName,
  words: text.toLowerCase().split(/\s+/).filter(Boolean).slice(0, 8),
  kind,
  phases: state === null ? [] : phasesOf[state],
  fromMs,
});
