import type { Problem } from '../../shared/model/common.ts';
import type { Clock } from '../live/clock.ts';
import { StateCell } from '../live/state-cell.ts';
import type { JobBook } from './job-book.ts';
import type { JobEvent } from './job-event.ts';
import { isInUse, type EgressSnapshot } from './ports.ts';
import type { JobState } from './job-state.ts';

export interface ServerNewsOptions {
  readonly book: JobBook;
  /** A Start call of this job is under way. */
  readonly isAsking: (jobId: string) => boolean;
  readonly dispatch: (jobId: string, event: JobEvent) => void;
  /** The server runs what a producer had called off before it was answered. */
  readonly onTakenLate: (job: JobState, egressId: string) => void;
  /** A job that was found at the server, started by somebody else. */
  readonly onFound: (job: JobState) => void;
  readonly clock: Clock;
}

/** What a server tells of its egress, as events of jobs. */
export class ServerNews {
  readonly #options: ServerNewsOptions;
  readonly #inUse = new Map<string, number>();
  readonly #others = new Map<string, StateCell<number | null>>();
  /** Jobs that the last list of a server lacked: a redis that has just taken over may lack them once, and what is gone is gone for good. */
  readonly #missed = new Map<string, ReadonlySet<string>>();
  /** Jobs that were seen to run since the console was opened. */
  readonly #seenToRun = new Set<string>();
  readonly #openedAtMs: number;

  constructor(options: ServerNewsOptions) {
    this.#options = options;
    this.#openedAtMs = options.clock.nowMs();
  }

  /** Egress sessions of a server that are no jobs: those of captions, and feeds of others. They count for its limit. Null before the first list. */
  others(serverId: string): StateCell<number | null> {
    const cell = this.#others.get(serverId) ?? new StateCell<number | null>(null);
    this.#others.set(serverId, cell);
    return cell;
  }

  list(serverId: string, list: readonly EgressSnapshot[], askedAtMs: number): void {
    const { book, isAsking, dispatch, clock } = this.#options;
    for (const snapshot of list) this.see(serverId, snapshot, 'look');
    // What a start of ours may be is counted as that.
    const isOther = (one: EgressSnapshot): boolean =>
      !book.knows(serverId, one.egressId) && !book.isAwaited(serverId, one, isAsking);
    this.#setOthers(serverId, list.filter((one) => isInUse(one) && isOther(one)).length);
    const atMs = clock.nowMs();
    this.#freed(serverId, list.filter(isInUse).length, atMs);
    const missing = book.missingFrom(serverId, list, { askedAtMs, atMs }, isAsking);
    const missed = this.#missed.get(serverId);
    this.#missed.set(serverId, new Set(missing.map(({ id }) => id)));
    for (const job of missing) {
      const away = this.#awayOf(job);
      if (away.wasAway || missed?.has(job.id)) dispatch(job.id, { type: 'egressGone', atMs, ...away });
    }
  }

  #setOthers(serverId: string, others: number): void {
    const cell = this.others(serverId);
    if (cell.value !== others) cell.set(others);
  }

  /** A session that has become free goes to the job that was ordered first of those that wait for one. */
  #freed(serverId: string, inUse: number, atMs: number): void {
    const { book, dispatch } = this.#options;
    const freed = Math.max(0, (this.#inUse.get(serverId) ?? 0) - inUse);
    this.#inUse.set(serverId, inUse);
    const waiting = book
      .all()
      .filter((job) => job.serverId === serverId && job.egress.at === 'waiting' && job.egress.isForSession);
    for (const job of waiting.slice(0, freed)) dispatch(job.id, { type: 'tryAgain', atMs, because: 'free' });
  }

  see(serverId: string, snapshot: EgressSnapshot, by: 'look' | 'webhook'): void {
    const { book, isAsking, dispatch, onFound, clock } = this.#options;
    let job = book.byEgress(serverId, snapshot.egressId);
    if (job) book.setUnclear(job, snapshot.status === 'unknown');
    if (snapshot.status === 'unknown') return;
    if (!job) {
      job = book.adopt(serverId, snapshot, isAsking);
      if (job?.startedBy === 'elsewhere') onFound(job);
    }
    if (job?.egress.at === 'refused') this.#takenLate(job, snapshot);
    else if (job) {
      dispatch(job.id, { type: 'egressSeen', atMs: clock.nowMs(), snapshot, by, ...this.#awayOf(job) });
      if (isInUse(snapshot)) this.#seenToRun.add(job.id);
      else this.#seenToRun.delete(job.id);
    }
  }

  #awayOf({ id, requestedAtMs }: JobState): { readonly wasAway?: true } {
    return requestedAtMs < this.#openedAtMs && !this.#seenToRun.has(id) ? { wasAway: true } : {};
  }

  #takenLate(job: JobState, { egressId, status }: EgressSnapshot): void {
    const { dispatch, onTakenLate, clock } = this.#options;
    if (job.egress.at === 'refused' && !job.egress.lateEgressId)
      dispatch(job.id, { type: 'takenLate', atMs: clock.nowMs(), egressId });
    if (status === 'starting' || status === 'active') onTakenLate(job, egressId);
  }

  /** Without egress there is no list that could tell of a Start whose answer was lost: it was refused. */
  absent(serverId: string, problem: Problem): void {
    const { book, isAsking, dispatch, clock } = this.#options;
    this.#setOthers(serverId, 0);
    const atMs = clock.nowMs();
    for (const job of book.all()) {
      if (job.serverId !== serverId || job.egress.at !== 'requested' || isAsking(job.id)) continue;
      const isCalledOff = job.stopAskedAtMs !== null; // nobody waits for its refusal any more
      dispatch(job.id, isCalledOff ? { type: 'egressGone', atMs } : { type: 'egressRefused', atMs, problem });
    }
  }
}
