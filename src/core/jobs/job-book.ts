import { isRunning, type Job, type JobWarning } from '../../shared/model/job.ts';
import type { Clock } from '../live/clock.ts';
import { StateCell } from '../live/state-cell.ts';
import { findStarted, isSurelyStarted } from './find-started.ts';
import { readJobState, type JobState } from './job-state.ts';
import { viewOf } from './job-view.ts';
import { foundJob } from './new-job.ts';
import { mayBeTaken } from './retries.ts';
import { isInUse, type EgressSnapshot, type JobAbout, type JobRow, type JobStore } from './ports.ts';

/** Ended jobs are shown for this long; the journal keeps them longer. */
const shownForMs = 24 * 3_600_000;
/** A list that was asked for before an egress was known here, or in the moment after, need not tell of it. */
const listMayLagMs = 5_000;
/** A Start call is answered or given up after 35 s at the latest; an unanswered one is looked for that long. */
const unansweredForMs = 60_000;
/** One that was called off is looked for this long: a server that had just taken it lists it within a second. */
const calledOffForMs = 5_000;
/** A worker that was busy may take it later: then it is known by its request, and stopped. */
const takenLateForMs = 120_000;
/** More ended jobs than a page can show; the journal has them all. */
const maxEnded = 2_000;
/** What servers list of a day, and more. */
const maxSettled = 10_000;

interface JobBookOptions {
  readonly store: JobStore;
  readonly clock: Clock;
  /** What else tells of an ended job whose row cannot be read; null: nothing. */
  readonly recover: (row: JobRow) => JobState | null;
  readonly isServerHere?: (serverId: string) => boolean;
  readonly twinOf?: (addressId: string) => string | null;
}

/** All jobs of the console by id, in memory and in the journal, and the lists that pages read. */
export class JobBook {
  readonly #store: JobStore;
  readonly #clock: Clock;
  readonly #jobs = new Map<string, JobState>();
  readonly #cells = new Map<string, StateCell<{ readonly jobs: Job[] }>>();

  /** Server and egress to its job, and since when that is known. */
  readonly #byEgress = new Map<string, { readonly jobId: string; readonly sinceMs: number }>();
  /** Egress of which nothing is to be made: of a job that is in the journal alone, or a feed that has ended. */
  readonly #settled = new Set<string>();
  readonly #twinOf: (addressId: string) => string | null;
  readonly #warnings = new Map<string, readonly JobWarning[]>();
  readonly #unknown = new Map<string, number>();
  readonly #unclear = new Map<string, number>();

  readonly #isServerHere: (serverId: string) => boolean;
  readonly #openedAtMs: number;

  constructor({ store, clock, recover, isServerHere, twinOf }: JobBookOptions) {
    this.#store = store;
    this.#isServerHere = isServerHere ?? (() => false);
    this.#twinOf = twinOf ?? (() => null);
    this.#clock = clock;
    this.#openedAtMs = clock.nowMs();
    for (const row of store.since(clock.nowMs() - shownForMs)) {
      if (row.isRunning) continue; // those are read by `reconcile`
      const read = readJobState(row.state);
      const job = read ?? recover(row);
      if (job && !read) this.#save(job);
      if (job) this.#hold(job);
    }
  }

  get(jobId: string): JobState | undefined {
    return this.#jobs.get(jobId);
  }
  all(): readonly JobState[] {
    return [...this.#jobs.values()];
  }

  /** Journal first, then the pages. */
  put(job: JobState): void {
    this.#save(job);
    this.#hold(job);
    if (!isRunning(job)) this.#letGo();
    this.#tell(job.serverId);
  }

  view(job: JobState): Job {
    return viewOf(job, {
      warnings: this.#warnings.get(job.id) ?? [],
      unknownSinceMs: this.#unclear.get(job.id) ?? this.#unknown.get(job.serverId) ?? null,
      isServerHere: this.#isServerHere(job.serverId),
    });
  }
  /** What does not go as it should with a job that runs; told to the pages, and not kept. */
  setWarnings(jobId: string, warnings: readonly JobWarning[]): void {
    if (warnings.length > 0) this.#warnings.set(jobId, warnings);
    else this.#warnings.delete(jobId);
    const job = this.#jobs.get(jobId);
    if (job) this.#tell(job.serverId);
  }
  /** Since when a server could not be asked; null: it was asked just now. */
  setUnknown(serverId: string, sinceMs: number | null): void {
    if ((this.#unknown.get(serverId) ?? null) === sinceMs) return;
    if (sinceMs === null) this.#unknown.delete(serverId);
    else this.#unknown.set(serverId, sinceMs);
    this.#tell(serverId);
  }

  /** Its server lists it in a way that nobody here can read. */
  setUnclear({ id, serverId }: JobState, isUnclear: boolean): void {
    if (this.#unclear.has(id) === isUnclear) return;
    if (isUnclear) this.#unclear.set(id, this.#clock.nowMs());
    else this.#unclear.delete(id);
    this.#tell(serverId);
  }

  cell(serverId: string): StateCell<{ readonly jobs: Job[] }> {
    const cell = this.#cells.get(serverId) ?? new StateCell(this.#view(serverId));
    this.#cells.set(serverId, cell);
    return cell;
  }

  byEgress(serverId: string, egressId: string): JobState | undefined {
    return this.#jobs.get(this.#byEgress.get(keyOf(serverId, egressId))?.jobId ?? '');
  }
  /** It is, or was, of a job. */
  knows(serverId: string, egressId: string): boolean {
    return this.byEgress(serverId, egressId) !== undefined || this.#isSettled(serverId, egressId);
  }

  /**
   * A job that the server knows and we do not: ours whose Start was never answered, or was called off, or one started
   * elsewhere. One that had ended before it was seen goes to the journal alone. While a
   * Start of ours is under way in that room nobody can tell which: then the next look decides.
   */
  adopt(serverId: string, snapshot: EgressSnapshot, isAsking: (jobId: string) => boolean): JobState | undefined {
    if (this.#isSettled(serverId, snapshot.egressId)) return undefined;
    const waiting = this.#waiting(serverId, snapshot);
    if (waiting.some((job) => isAsking(job.id))) return undefined;
    const ours = waiting.find((job) => this.#isOf(job, snapshot));
    if (ours) return ours;
    const atMs = this.#clock.nowMs();
    const calledOff = this.all().find(
      (job) => job.serverId === serverId && wasCalledOff(job, atMs) && isSurelyStarted(snapshot, job, this.#twinOf),
    );
    if (calledOff) return calledOff;
    const isFeed = snapshot.asked?.()?.isFeed === true;
    if (!isInUse(snapshot)) this.#settle(serverId, snapshot.egressId);
    if (isFeed) return undefined;
    const job = foundJob(serverId, snapshot, atMs);
    if (!isRunning(job)) this.#save(job);
    else this.put(job);
    return job;
  }

  /** It looks like what comes of a Start of ours that is under way. */
  isAwaited(serverId: string, snapshot: EgressSnapshot, isAsking: (jobId: string) => boolean): boolean {
    return this.#waiting(serverId, snapshot).some((job) => isAsking(job.id) && this.#isOf(job, snapshot));
  }
  #isOf(job: JobState, snapshot: EgressSnapshot): boolean {
    return findStarted([snapshot], job, () => false, this.#twinOf) !== undefined;
  }
  /** Those of which it may be, by the room. */
  #waiting(serverId: string, { roomName }: EgressSnapshot): readonly JobState[] {
    return this.all().filter((job) => job.serverId === serverId && mayBeTaken(job) && job.roomName === roomName);
  }

  /** Jobs that the server ought to list and does not. */
  missingFrom(
    serverId: string,
    list: readonly EgressSnapshot[],
    { askedAtMs, atMs }: { readonly askedAtMs: number; readonly atMs: number },
    isAsking: (jobId: string) => boolean,
  ): readonly JobState[] {
    const listed = new Set(list.map((item) => item.egressId));
    return this.all().filter((job) => {
      if (job.serverId !== serverId || !isRunning(job)) return false;
      if (job.egress.at === 'requested') {
        const isCalledOff = job.stopAskedAtMs !== null && atMs - job.stopAskedAtMs > calledOffForMs;
        return !isAsking(job.id) && (isCalledOff || atMs - job.phaseAtMs > unansweredForMs);
      }
      if (!('egressId' in job.egress) || job.egress.at === 'ended' || listed.has(job.egress.egressId)) return false;
      const sinceMs = this.#byEgress.get(keyOf(serverId, job.egress.egressId))?.sinceMs ?? 0;
      return askedAtMs - sinceMs > listMayLagMs;
    });
  }

  #save(job: JobState): void {
    const { id, serverId, requestedAtMs } = job;
    const row = { id, serverId, requestedAtMs, isRunning: isRunning(job), state: JSON.stringify(job) };
    this.#store.save(row, aboutOf(job));
  }
  #hold(job: JobState): void {
    this.#jobs.set(job.id, job);
    const egressId = egressIdOf(job);
    const key = egressId === null ? null : keyOf(job.serverId, egressId);
    if (key === null || this.#byEgress.get(key)?.jobId === job.id) return;
    // One that an earlier console had started is no news.
    const sinceMs = job.requestedAtMs < this.#openedAtMs ? job.requestedAtMs : this.#clock.nowMs();
    this.#byEgress.set(key, { jobId: job.id, sinceMs });
  }
  /** Ended jobs that no page shows any more are in the journal alone. */
  #letGo(): void {
    const oldestMs = this.#clock.nowMs() - shownForMs;
    const ended = this.all().filter((job) => !isRunning(job));
    ended.sort((a, b) => b.phaseAtMs - a.phaseAtMs);
    for (const [index, job] of ended.entries()) {
      if (index < maxEnded && job.phaseAtMs > oldestMs) continue;
      this.#jobs.delete(job.id);
      this.#warnings.delete(job.id);
      this.#unclear.delete(job.id);
      const egressId = egressIdOf(job);
      if (egressId !== null) this.#byEgress.delete(keyOf(job.serverId, egressId));
    }
  }
  #isSettled(serverId: string, egressId: string): boolean {
    if (this.#settled.has(keyOf(serverId, egressId))) return true;
    if (!this.#store.knowsEgress(serverId, egressId)) return false;
    this.#settle(serverId, egressId);
    return true;
  }
  #settle(serverId: string, egressId: string): void {
    if (this.#settled.size >= maxSettled) this.#settled.clear(); // asked of the journal again
    this.#settled.add(keyOf(serverId, egressId));
  }

  #tell(serverId: string): void {
    this.#cells.get(serverId)?.set(this.#view(serverId));
  }
  #view(serverId: string): { readonly jobs: Job[] } {
    const oldestMs = this.#clock.nowMs() - shownForMs;
    const shown = this.all().filter(
      (job) => job.serverId === serverId && (job.endedAtMs === null || job.endedAtMs > oldestMs),
    );
    return { jobs: shown.sort((a, b) => b.requestedAtMs - a.requestedAtMs).map((job) => this.view(job)) };
  }
}

const keyOf = (serverId: string, egressId: string): string => JSON.stringify([serverId, egressId]);
const egressIdOf = ({ egress }: JobState): string | null =>
  egress.at === 'refused' ? (egress.lateEgressId ?? null) : 'egressId' in egress ? egress.egressId : null;

/** Called off, and over before the server had taken it. */
const wasCalledOff = ({ egress, stopAskedAtMs }: JobState, atMs: number): boolean =>
  egress.at === 'refused' &&
  !egress.lateEgressId &&
  stopAskedAtMs !== null &&
  stopAskedAtMs <= egress.atMs &&
  atMs - stopAskedAtMs < takenLateForMs;

function aboutOf(job: JobState): JobAbout {
  const places = viewOf(job).files.flatMap((file) => [file.name, file.location]);
  const words = [...new Set([job.title, job.roomName, ...places])].join(' ').toLowerCase();
  return { roomName: job.roomName, kind: job.request.kind, phase: job.phase, words, egressId: egressIdOf(job) };
}
