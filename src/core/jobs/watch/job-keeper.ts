import type { Problem } from '../../../shared/model/common.ts';
import type { JobWarning } from '../../../shared/model/job.ts';
import type { Clock } from '../../live/clock.ts';
import type { JobEvent } from '../job-event.ts';
import type { JobState } from '../job-state.ts';
import { waitsAtMostMs } from '../retries.ts';
import { autoStopDue } from './auto-stop.ts';
import type { JobFacts, OutputFacts, RoomFacts } from './facts.ts';
import { warningsOf } from './rules.ts';
import { sharedName } from './same-name.ts';
import type { WatchTiming } from './timing.ts';

const everyMs = 1_000;
/** A computer that slept, or a console that was closed, over the hour of a job: later than this it is missed, not begun late. */
const lateMs = 60_000;
/** So long a pause between two looks was sleep, or a clock that was set: nobody knows of a room what was meanwhile. */
const sleptMs = 10_000;

export interface JobKeeperOptions {
  readonly running: () => readonly JobState[];
  /** What is known of the room of a job; asked each second for each running job, so it only looks up. */
  readonly roomFacts: (job: JobState, withPeople: boolean) => RoomFacts;
  /** What is known of what it makes; asked as often, and before its room. */
  readonly outputFacts: (job: JobState) => OutputFacts;
  readonly timing: WatchTiming;
  readonly dispatch: (jobId: string, event: JobEvent) => void;
  /** The warnings of a job have changed. */
  readonly onWarnings: (jobId: string, warnings: readonly JobWarning[]) => void;
  /** A job could not be looked after, for a mistake of ours; told once. */
  readonly onFailed: (jobId: string, error: unknown) => void;
  readonly clock: Clock;
}

interface Watched {
  hadPeople: boolean;
  emptySinceMs: number | null;
  orphanSinceMs: number | null;
  deskAwaySinceMs: number | null;
  warnings: readonly JobWarning[];
  stopRefused: Problem | null;
}

/** Looks after running jobs each second: begins those whose hour has come, stops those whose rule says so, and warns. */
export class JobKeeper {
  readonly #options: JobKeeperOptions;
  readonly #watched = new Map<string, Watched>();
  readonly #failed = new Set<string>();
  #lookedAtMs = Infinity;
  /** Since when every second was looked at. */
  #awakeSinceMs = 0;

  constructor(options: JobKeeperOptions) {
    this.#options = options;
  }

  stopRefused(jobId: string, problem: Problem): void {
    this.#watchedOf(jobId).stopRefused = problem;
  }

  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.look();
      await this.#options.clock.delay(everyMs, signal).catch(() => {}); // only the signal rejects; the loop sees it
    }
  }

  look(): void {
    const nowMs = this.#options.clock.nowMs();
    if (nowMs - this.#lookedAtMs > sleptMs) this.#woke(nowMs);
    this.#lookedAtMs = nowMs;
    const running = this.#options.running();
    for (const job of running)
      try {
        this.#lookAt(job, running);
      } catch (error) {
        // The others have hours and rules too.
        if (!this.#failed.has(job.id)) this.#options.onFailed(job.id, error);
        this.#failed.add(job.id);
      }
    const ids = new Set(running.map((job) => job.id));
    for (const [jobId, watched] of this.#watched) {
      if (ids.has(jobId)) continue;
      this.#watched.delete(jobId);
      if (watched.warnings.length > 0) this.#options.onWarnings(jobId, []);
    }
  }

  #lookAt(job: JobState, running: readonly JobState[]): void {
    if (job.phase === 'armed') this.#armed(job);
    else this.#judge(job, running);
    if (job.egress.at === 'waiting') this.#waiting(job.id, job.egress.againAtMs);
  }

  /** What lasted until then begins anew: it may have ended meanwhile. */
  #woke(nowMs: number): void {
    this.#awakeSinceMs = nowMs;
    for (const watched of this.#watched.values()) {
      watched.emptySinceMs = null;
      watched.orphanSinceMs = null;
      watched.deskAwaySinceMs = null;
    }
  }

  #armed(job: JobState): void {
    const atMs = this.#options.clock.nowMs();
    if (job.startAtMs === null || atMs < job.startAtMs) return;
    this.#options.dispatch(job.id, { type: atMs - job.startAtMs > lateMs ? 'missed' : 'due', atMs });
  }

  #waiting(jobId: string, againAtMs: number): void {
    const atMs = this.#options.clock.nowMs();
    if (atMs - againAtMs > waitsAtMostMs) this.#options.dispatch(jobId, { type: 'missed', atMs });
    else if (atMs >= againAtMs) this.#options.dispatch(jobId, { type: 'tryAgain', atMs, because: 'time' });
  }

  #judge(job: JobState, running: readonly JobState[]): void {
    const facts = this.#factsOf(job, running);
    const because = autoStopDue(facts);
    if (because !== null) {
      this.#options.dispatch(job.id, { type: 'stopAsked', atMs: facts.atMs, because });
      return;
    }
    const watched = this.#watchedOf(job.id);
    const warnings = warningsOf(facts, this.#options.timing);
    if (JSON.stringify(watched.warnings) === JSON.stringify(warnings)) return;
    watched.warnings = warnings;
    this.#options.onWarnings(job.id, warnings);
  }

  #factsOf(job: JobState, running: readonly JobState[]): JobFacts {
    const atMs = this.#options.clock.nowMs();
    const outputs = this.#options.outputFacts(job);
    const seen = this.#options.roomFacts(job, outputs.blackSinceMs !== null); // the people tell why
    const heardAtMs = seen.heardAtMs === null ? null : Math.max(seen.heardAtMs, this.#awakeSinceMs);
    const room = { ...seen, heardAtMs };
    const watched = this.#watchedOf(job.id);
    watched.hadPeople ||= (room.people?.length ?? 0) > 0 || hasTakenPeople(job);
    // Whom it waits for may be late: a room is empty again only once somebody has been there.
    const isEmpty = watched.hadPeople && room.people?.length === 0;
    watched.emptySinceMs = isEmpty ? (watched.emptySinceMs ?? atMs) : null;
    const isHere = job.desk.at === 'opening' || job.desk.at === 'recording';
    watched.deskAwaySinceMs = isHere && room.heardAtMs === null ? (watched.deskAwaySinceMs ?? atMs) : null;
    const lookedAtMs = room.recorders?.asOfMs ?? 0;
    watched.orphanSinceMs = isAway(job, room) ? (watched.orphanSinceMs ?? lookedAtMs) : null;
    const isSeenTwice = watched.orphanSinceMs !== null && lookedAtMs > watched.orphanSinceMs;
    return {
      job,
      room,
      outputs,
      emptySinceMs: watched.emptySinceMs,
      deskAwaySinceMs: watched.deskAwaySinceMs,
      orphanSinceMs: isSeenTwice ? watched.orphanSinceMs : null,
      sharedName: sharedName(job, running),
      stopRefused: watched.stopRefused,
      atMs,
    };
  }

  /** Forgotten at the next look, should the job be over. */
  #watchedOf(jobId: string): Watched {
    const known = this.#watched.get(jobId);
    const watched = known ?? {
      hadPeople: false,
      emptySinceMs: null,
      orphanSinceMs: null,
      deskAwaySinceMs: null,
      warnings: [],
      stopRefused: null,
    };
    if (!known) this.#watched.set(jobId, watched);
    return watched;
  }
}

/** Also before this console was started: somebody was heard here, or egress had what to record. */
const hasTakenPeople = ({ egress, deskPeopleCount }: JobState): boolean =>
  deskPeopleCount > 0 || ('mediaStartedAtMs' in egress && egress.mediaStartedAtMs !== null);

/** A web page is in no room; every other egress is in its room under its own id. An older look says nothing of it. */
const isAway = ({ egress, request, phaseAtMs }: JobState, { recorders }: RoomFacts): boolean =>
  request.kind !== 'web' &&
  egress.at === 'active' &&
  recorders !== null &&
  recorders.asOfMs >= phaseAtMs &&
  !recorders.ids.includes(egress.egressId);
