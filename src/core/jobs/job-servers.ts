import { isRunning } from '../../shared/model/job.ts';
import type { Scope } from '../live/scope.ts';
import type { StateCell } from '../live/state-cell.ts';
import { Absences } from './absences.ts';
import type { EgressCalls } from './egress-calls.ts';
import type { JobBook } from './job-book.ts';
import type { JobControllerOptions } from './job-controller-options.ts';
import type { JobEvent } from './job-event.ts';
import { egressIsOver, type JobState } from './job-state.ts';
import { viewOf } from './job-view.ts';
import type { EgressSnapshot } from './ports.ts';
import { ServerLooks } from './server-looks.ts';
import { ServerNews } from './server-news.ts';

export interface JobServersOptions extends Pick<
  JobControllerOptions,
  'egressOf' | 'onPresence' | 'onBack' | 'clock' | 'log'
> {
  readonly book: JobBook;
  readonly calls: EgressCalls;
  readonly scope: Scope;
  readonly dispatch: (jobId: string, event: JobEvent) => void;
  /** A job that was found at a server, started by somebody else. */
  readonly onFound: (job: JobState) => void;
  /** A server was asked; these jobs run there. */
  readonly onLooked: (running: readonly JobState[]) => void;
}

/** What servers tell of jobs, by looks and webhooks, and how long one could not be asked. */
export class JobServers {
  readonly #options: JobServersOptions;
  readonly #looks: ServerLooks;
  readonly #news: ServerNews;
  readonly #absences = new Absences();

  constructor(options: JobServersOptions) {
    this.#options = options;
    const { calls, scope, onPresence } = options;
    this.#news = new ServerNews({
      ...options,
      isAsking: (jobId) => calls.isAsking(jobId),
      onTakenLate: (job, egressId) => scope.spawn('stop late', (signal) => calls.stopLate(job, egressId, signal)),
    });
    this.#looks = new ServerLooks({
      ...options,
      isBusy: (serverId) => this.#running(serverId).some((job) => !egressIsOver(job.egress)),
      onList: (serverId, list, askedAtMs) => {
        this.#news.list(serverId, list, askedAtMs);
        options.onLooked(this.#running(serverId));
      },
      onPresent: (serverId) => onPresence(serverId, 'present'),
      onAbsent: (serverId, problem) => {
        onPresence(serverId, 'absent');
        this.#news.absent(serverId, problem);
      },
      onUnanswered: (serverId, sinceMs) => this.#onUnanswered(serverId, sinceMs),
      signal: scope.signal,
    });
  }

  /**
   * Egress sessions of a server that are no jobs: those of captions, and what others have started. They count for its limit.
   * Null before the server has told once what runs there.
   */
  otherSessions(serverId: string): StateCell<number | null> {
    return this.#news.others(serverId);
  }
  /** Nobody looked while the console was closed. */
  wasClosed(): void {
    this.#absences.beginAll(this.#options.book.all().filter((job) => isRunning(viewOf(job))));
  }

  /** Begins to look at a server's jobs: follows ours, adopts those started elsewhere. Harmless when repeated. */
  watch(serverId: string): void {
    this.#looks.begin(serverId);
  }
  /** The server's address or secret changed, or it went away. */
  unwatch(serverId: string): Promise<void> {
    return this.#looks.end(serverId);
  }
  /** A webhook said that something happened: look now. */
  nudge(serverId: string): void {
    this.#looks.nudge(serverId);
  }
  /** From a checked webhook; merged like any other look. */
  see(serverId: string, snapshot: EgressSnapshot): void {
    this.#news.see(serverId, snapshot, 'webhook');
  }

  #running(serverId: string): readonly JobState[] {
    return this.#options.book.all().filter((job) => job.serverId === serverId && isRunning(viewOf(job)));
  }

  #onUnanswered(serverId: string, sinceMs: number | null): void {
    const { book, onBack } = this.#options;
    book.setUnknown(serverId, sinceMs);
    if (sinceMs !== null) return this.#absences.begin(serverId, sinceMs, this.#running(serverId));
    const back = this.#absences.end(serverId, (jobId) => book.get(jobId));
    if (back && back.ended.length > 0)
      onBack?.(
        serverId,
        back.sinceMs,
        back.ended.map((job) => viewOf(job)),
      );
  }
}
