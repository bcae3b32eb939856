import type { Job, JobWarning } from '../../shared/model/job.ts';
import type { Clock } from '../live/clock.ts';
import { StateCell } from '../live/state-cell.ts';
import { findStarted } from './egress-runner.ts';
import { readJobState, type JobState } from './job-state.ts';
import { viewOf } from './job-view.ts';
import { foundJob } from './new-job.ts';
import { mayBeTaken } from './retries.ts';
import { isInUse, type EgressSnapshot, type JobAbout, type JobStore } from './ports.ts';

/** Ended jobs are shown for this long; the journal keeps them longer. */
const shownForMs = 24 * 3_600_000;
/** A list that was asked for before the Start call was answered cannot know the job. */
const listMayLagMs = 5_000;
/** A Start call is answered or given up after 35 s at the latest; an unanswered one is looked for that long. */
const unansweredForMs = 60_000;
/** One that was called off is looked for this long: a server that had just taken it lists it within a second. */
const calledOffForMs = 5_000;

/** All jobs of the console by id, in memory and in the journal, and the lists that pages read. */
export class JobBook {
  readonly #store: JobStore;
  readonly #clock: Clock;
  readonly #jobs = new Map<string, JobState>();
  readonly #cells = new Map<string, StateCell<{ readonly jobs: Job[] }>>();

  readonly #warnings = new Map<string, readonly JobWarning[]>();
  readonly #unknown = new Map<string, number>();

  readonly #isServerHere: (serverId: string) => boolean;

  constructor(store: JobStore, clock: Clock, isServerHere: (serverId: string) => boolean) {
    this.#store = store;
    this.#isServerHere = isServerHere;
    this.#clock = clock;
    for (const row of store.since(clock.nowMs() - shownForMs)) {
      const job = row.isRunning ? null : readJobState(row.state); // those that run are read by `reconcile`
      if (job) this.#jobs.set(row.id, job);
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
    const isRunning = job.phase !== 'done' && job.phase !== 'failed';
    this.#store.save(
      {
        id: job.id,
        serverId: job.serverId,
        requestedAtMs: job.requestedAtMs,
        isRunning,
        state: JSON.stringify(job),
      },
      aboutOf(job),
    );
    this.#jobs.set(job.id, job);
    this.#tell(job.serverId);
  }

  view(job: JobState): Job {
    return viewOf(job, {
      warnings: this.#warnings.get(job.id) ?? [],
      unknownSinceMs: this.#unknown.get(job.serverId) ?? null,
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

  cell(serverId: string): StateCell<{ readonly jobs: Job[] }> {
    const cell = this.#cells.get(serverId) ?? new StateCell(this.#view(serverId));
    this.#cells.set(serverId, cell);
    return cell;
  }

  byEgress(serverId: string, egressId: string): JobState | undefined {
    return this.all().find(
      (job) => job.serverId === serverId && 'egressId' in job.egress && job.egress.egressId === egressId,
    );
  }

  /**
   * A job that the server knows and we do not: ours whose Start was never answered, or one started elsewhere. While a
   * Start of ours is under way in that room nobody can tell which: then the next look decides.
   */
  adopt(serverId: string, snapshot: EgressSnapshot, isAsking: (jobId: string) => boolean): JobState | undefined {
    const waiting = this.all().filter(
      (job) => job.serverId === serverId && mayBeTaken(job) && job.roomName === snapshot.roomName,
    );
    if (waiting.some((job) => isAsking(job.id))) return undefined;
    const ours = waiting.find((job) => findStarted([snapshot], job, () => false) !== undefined);
    if (ours) return ours;
    if (!isInUse(snapshot) || snapshot.asked?.()?.isFeed === true) return undefined;
    const job = foundJob(serverId, snapshot, this.#clock.nowMs());
    this.put(job);
    return job;
  }

  /** Jobs that the server ought to list and does not. */
  missingFrom(
    serverId: string,
    list: readonly EgressSnapshot[],
    atMs: number,
    isAsking: (jobId: string) => boolean,
  ): readonly JobState[] {
    const listed = new Set(list.map((item) => item.egressId));
    return this.all().filter((job) => {
      if (job.serverId !== serverId || job.phase === 'done' || job.phase === 'failed') return false;
      const ageMs = atMs - job.requestedAtMs;
      if (job.egress.at === 'requested') {
        const isCalledOff = job.stopAskedAtMs !== null && atMs - job.stopAskedAtMs > calledOffForMs;
        return !isAsking(job.id) && (isCalledOff || atMs - job.phaseAtMs > unansweredForMs);
      }
      return (
        'egressId' in job.egress &&
        job.egress.at !== 'ended' &&
        !listed.has(job.egress.egressId) &&
        ageMs > listMayLagMs
      );
    });
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

function aboutOf(job: JobState): JobAbout {
  const places = viewOf(job).files.flatMap((file) => [file.name, file.location]);
  const words = [...new Set([job.title, job.roomName, ...places])].join(' ').toLowerCase();
  return { roomName: job.roomName, kind: job.request.kind, phase: job.phase, words };
}
