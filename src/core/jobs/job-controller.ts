import type { Job } from '../../shared/model/job.ts';
import { isRunning } from '../../shared/model/job.ts';
import type { Clock } from '../live/clock.ts';
import type { Log } from '../live/log.ts';
import { Scope } from '../live/scope.ts';
import type { StateCell } from '../live/state-cell.ts';
import { Absences } from './absences.ts';
import { DeskRunner } from './desk-runner.ts';
import { EgressCalls } from './egress-calls.ts';
import { JobBook } from './job-book.ts';
import type { JobEvent } from './job-event.ts';
import { closing, noSuchJob, noSuchServer } from './job-errors.ts';
import { JobEvents } from './job-events.ts';
import { foundStory } from './job-story.ts';
import { advance, type JobEffect } from './job-machine.ts';
import { egressIsOver, type JobState } from './job-state.ts';
import { viewOf } from './job-view.ts';
import { LayoutControl } from './layout-control.ts';
import { orderedJob, type JobOrder } from './new-job.ts';
import { type DeskPort, type EgressPort, type EgressSnapshot, type JobEventStore, type JobStore } from './ports.ts';
import { reconcile, type FoundRecording } from './reconcile.ts';
import { ServerLooks } from './server-looks.ts';
import { ServerNews } from './server-news.ts';
import { StreamControl } from './streams/stream-control.ts';
import { streamTiming, type StreamTiming } from './streams/stream-side.ts';
import { firstStreams } from './streams/with-streams.ts';
import { noOutputFacts, noRoomFacts, type OutputFacts, type RoomFacts } from './watch/facts.ts';
import { JobKeeper } from './watch/job-keeper.ts';
import { watchTiming, type WatchTiming } from './watch/timing.ts';

/** What a job tells beside its own state: the console makes incidents and learned limits of it. */
export type JobNotice = Exclude<JobEffect, { do: 'startEgress' | 'stopEgress' | 'openDesk' | 'closeDesk' }>;

export interface JobControllerOptions {
  readonly store: JobStore;
  readonly events: JobEventStore;
  readonly egressOf: (serverId: string) => EgressPort | null;
  readonly desk: DeskPort;
  /** Recordings of this computer that a kill left unfinished, repaired. */
  readonly found: readonly FoundRecording[];
  readonly onNotice: (job: Job, notice: JobNotice) => void;
  /** A job began (`from` is null) or went on to another phase. */
  readonly onPhase: (job: Job, from: Job['phase'] | null) => void;
  /** What is known of the room of a job, for its watchdogs. */
  readonly roomFacts?: (job: JobState, withPeople: boolean) => RoomFacts;
  /** What is known of what it makes. */
  readonly outputFacts?: (job: JobState) => OutputFacts;
  readonly watchTiming?: WatchTiming;
  /** A server can be asked again, or for the first time since the console was closed: what had ended meanwhile. */
  readonly onBack?: (serverId: string, sinceMs: number, ended: readonly Job[]) => void;
  /** The warnings of a job have changed. */
  readonly onWarnings?: (job: Job) => void;
  readonly onPresence: (serverId: string, egress: 'present' | 'absent') => void;
  /** An address of the address book without its secret; null where there is none. */
  readonly twinOf?: (addressId: string) => string | null;
  /** The server runs on this computer: a path that it tells may be one of here. */
  readonly isServerHere?: (serverId: string) => boolean;
  readonly streamTiming?: StreamTiming;
  readonly clock: Clock;
  readonly log: Log;
}

/** Carries jobs: feeds events to the machine, does its effects, keeps the journal. */
export class JobController {
  readonly #options: JobControllerOptions;
  readonly #scope: Scope;
  readonly #book: JobBook;
  readonly #events: JobEvents;
  readonly #desk: DeskRunner;
  readonly layouts: LayoutControl;
  /** The destinations of streams. */
  readonly streams: StreamControl;
  readonly #calls: EgressCalls;
  readonly #looks: ServerLooks;
  readonly #news: ServerNews;
  readonly #keeper: JobKeeper;
  readonly #absences = new Absences();
  #isClosing = false;
  #holdsWaiting = false;

  constructor(options: JobControllerOptions) {
    this.#options = options;
    this.#scope = new Scope('jobs', {
      onError: (error, name) => options.log.error('Part of a job failed', { name }, error),
    });
    this.#book = new JobBook(options);
    this.#events = new JobEvents(options.events);
    this.#desk = new DeskRunner({ ...options, scope: this.#scope });
    this.#calls = new EgressCalls({
      ...options,
      jobOf: (jobId) => this.#book.get(jobId),
      isKnown: (serverId, egressId) => this.#book.knows(serverId, egressId),
      dispatch: (jobId, event) => this.#dispatch(jobId, event),
      onCalled: (serverId) => this.nudge(serverId),
      onStopRefused: (jobId, problem) => this.#keeper.stopRefused(jobId, problem),
    });
    this.#news = new ServerNews({
      ...options,
      book: this.#book,
      isAsking: (jobId) => this.#calls.isAsking(jobId),
      dispatch: (jobId, event) => this.#dispatch(jobId, event),
      onFound: (job) => this.#events.keep(job, options.clock.nowMs(), foundStory(job)),
      onTakenLate: (job, egressId) =>
        this.#scope.spawn('stop late', (signal) => this.#calls.stopLate(job, egressId, signal)),
    });
    this.#keeper = new JobKeeper({
      ...options,
      running: () => this.#book.all().filter((job) => job.phase !== 'done' && job.phase !== 'failed'),
      roomFacts: options.roomFacts ?? (() => noRoomFacts),
      outputFacts: options.outputFacts ?? (() => noOutputFacts),
      timing: options.watchTiming ?? watchTiming,
      dispatch: (jobId, event) => this.#dispatch(jobId, event),
      onWarnings: (jobId, warnings) => {
        this.#book.setWarnings(jobId, warnings);
        options.onWarnings?.(this.get(jobId));
      },
    });
    this.#looks = new ServerLooks({
      ...options,
      isBusy: (serverId) => this.#running(serverId).some((job) => !egressIsOver(job.egress)),
      onList: (serverId, list) => {
        this.#news.list(serverId, list);
        this.streams.looked(this.#running(serverId));
      },
      onPresent: (serverId) => options.onPresence(serverId, 'present'),
      onAbsent: (serverId, problem) => {
        options.onPresence(serverId, 'absent');
        this.#news.absent(serverId, problem);
      },
      onUnanswered: (serverId, sinceMs) => this.#onUnanswered(serverId, sinceMs),
      signal: this.#scope.signal,
    });
    this.layouts = new LayoutControl({
      portOf: options.egressOf,
      jobOf: (jobId) => this.#state(jobId),
      onSent: (jobId, layout) => this.#dispatch(jobId, { type: 'layoutSent', atMs: options.clock.nowMs(), layout }),
      signal: this.#scope.signal,
    });
    this.streams = new StreamControl({
      ...options,
      scope: this.#scope,
      timing: options.streamTiming ?? streamTiming,
      portOf: options.egressOf,
      jobOf: (jobId) => this.#state(jobId),
      dispatch: (jobId, change) => this.#dispatch(jobId, { type: 'streams', atMs: options.clock.nowMs(), change }),
      onSnapshot: (jobId, snapshot) =>
        this.#dispatch(jobId, { type: 'egressSeen', atMs: options.clock.nowMs(), snapshot }),
    });
    for (const { job, events } of reconcile(
      options.store.running(),
      (jobId) => options.events.of(jobId),
      options.found,
      options.clock.nowMs(),
      options.log,
    )) {
      this.#book.put(job);
      for (const event of events) this.#dispatch(job.id, event);
    }
    this.#absences.beginAll(this.#book.all().filter((job) => isRunning(viewOf(job))));
    this.#scope.spawn('keeper', (signal) => this.#keeper.run(signal));
  }

  jobs(serverId: string) {
    return this.#book.cell(serverId);
  }
  /** Egress sessions of a server that are no jobs: those of captions, and what others have started. They count for its limit. */
  otherSessions(serverId: string): StateCell<number> {
    return this.#news.others(serverId);
  }
  /** Null: older than a day, or never known; the history knows the former. */
  find(jobId: string): Job | null {
    const job = this.#book.get(jobId);
    return job ? this.#book.view(job) : null;
  }
  get(jobId: string): Job {
    return this.#book.view(this.#state(jobId));
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

  start(order: JobOrder): Job {
    if (this.#isClosing) throw closing();
    const atMs = this.#options.clock.nowMs();
    const ordered = orderedJob(order, atMs);
    const job = { ...ordered, streams: firstStreams(ordered.request, this.#options.twinOf ?? (() => null), atMs) };
    if (job.egress.at === 'requested' && !this.#options.egressOf(job.serverId)) throw noSuchServer();
    this.#book.put(job);
    this.#events.keep(job, atMs);
    this.#options.onPhase(viewOf(job), null);
    this.watch(job.serverId);
    this.#dispatch(job.id, { type: 'begun', atMs });
    return this.get(job.id);
  }

  /** Harmless when repeated, and when the job is over. */
  stop(jobId: string): Job {
    this.#state(jobId);
    this.#dispatch(jobId, { type: 'stopAsked', atMs: this.#options.clock.nowMs() });
    this.#calls.callOff(jobId); // a refusal may take 25 s
    return this.get(jobId);
  }

  /** Records here beside an egress that does not go as it should. */
  recordHere(jobId: string, because: string): Job {
    this.#state(jobId);
    this.#dispatch(jobId, { type: 'takeOverAsked', atMs: this.#options.clock.nowMs(), because });
    return this.get(jobId);
  }
  /** Asks again for a start that was refused and waits; harmless where it does not. */
  tryNow(jobId: string): Job {
    this.#state(jobId);
    this.#dispatch(jobId, { type: 'tryAgain', atMs: this.#options.clock.nowMs(), because: 'asked' });
    return this.get(jobId);
  }
  /** Gives up an egress of which nothing runs any more, though its server keeps the row. */
  forget(jobId: string): Job {
    this.#state(jobId);
    this.#dispatch(jobId, { type: 'forgotten', atMs: this.#options.clock.nowMs() });
    return this.get(jobId);
  }

  /** What a hand-over decided about it, kept with it and its story. */
  note(jobId: string, event: Extract<JobEvent, { type: 'handedOver' | 'tookOver' }>): void {
    this.#dispatch(jobId, event);
  }

  /** The console is about to close: what waits for its time goes on to wait, for the next one. */
  holdWaiting(): void {
    this.#holdsWaiting = true;
  }
  /** Finishes what this computer records; egress goes on at its server and is found again at the next start. */
  async close(): Promise<void> {
    const atMs = this.#options.clock.nowMs();
    this.#isClosing = true;
    this.holdWaiting();
    for (const job of this.#book.all())
      if (job.desk.at === 'opening' || job.desk.at === 'recording')
        this.#dispatch(job.id, { type: 'consoleClosing', atMs });
    await this.#desk.close();
    await this.#scope.close();
  }

  #state(jobId: string): JobState {
    const job = this.#book.get(jobId);
    if (!job) throw noSuchJob();
    return job;
  }
  #running(serverId: string): readonly JobState[] {
    return this.#book.all().filter((job) => job.serverId === serverId && isRunning(viewOf(job)));
  }

  #onUnanswered(serverId: string, sinceMs: number | null): void {
    this.#book.setUnknown(serverId, sinceMs);
    if (sinceMs !== null) return this.#absences.begin(serverId, sinceMs, this.#running(serverId));
    const back = this.#absences.end(serverId, (jobId) => this.#book.get(jobId));
    if (back && back.ended.length > 0)
      this.#options.onBack?.(
        serverId,
        back.sinceMs,
        back.ended.map((job) => viewOf(job)),
      );
  }

  #dispatch(jobId: string, event: JobEvent): void {
    const before = this.#book.get(jobId);
    if (!before) return;
    if (this.#holdsWaiting && (event.type === 'due' || event.type === 'tryAgain')) return;
    const { state, effects } = advance(before, event, this.#options.streamTiming);
    if (state !== before || effects.length > 0) this.#events.record(before, event, state, effects);
    if (state !== before) {
      this.#book.put(state);
      if (state.phase !== before.phase) {
        this.#options.log.info('Job changed', { jobId, from: before.phase, to: state.phase, event: event.type });
        this.#options.onPhase(viewOf(state), before.phase);
      }
    }
    for (const effect of effects) this.#do(state, effect);
    this.streams.look(state);
  }

  #do(job: JobState, effect: JobEffect): void {
    switch (effect.do) {
      case 'openDesk':
        this.#openDesk(job, effect.take);
        return;
      case 'closeDesk':
        this.#scope.spawn('close desk', () => this.#desk.stop(job.id));
        return;
      case 'startEgress':
        this.#scope.spawn('start egress', (signal) => this.#calls.start(job, signal));
        return;
      case 'stopEgress':
        this.#scope.spawn('stop egress', (signal) => this.#calls.stop(job, effect.egressId, signal));
        return;
      case 'tellRefusal':
      case 'tellWaitOver':
      case 'tellFallback':
      case 'tellEgressEnded':
      case 'tellDeskFailed':
      case 'tellConsoleWasKilled':
      case 'tellStreamGivenUp':
      case 'tellStreamBack':
      case 'tellMissed':
      case 'tellStopped':
        this.#options.onNotice(viewOf(job), effect);
    }
  }

  #openDesk(job: JobState, take: number): void {
    if (this.#isClosing) return; // nobody would close it; the next start finds the job as it is
    this.#desk.start(job, take, (event) => this.#dispatch(job.id, event));
  }
}
