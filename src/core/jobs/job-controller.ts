import { isRunning, type Job } from '../../shared/model/job.ts';
import { Scope } from '../live/scope.ts';
import { DeskRunner } from './desk-runner.ts';
import { EgressCalls } from './egress-calls.ts';
import { JobBook } from './job-book.ts';
import type { JobControllerOptions } from './job-controller-options.ts';
import type { JobEvent } from './job-event.ts';
import { closing, noSuchJob, noSuchServer } from './job-errors.ts';
import { JobEvents } from './job-events.ts';
import { foundStory } from './job-story.ts';
import { advance, type JobEffect } from './job-machine.ts';
import type { JobState } from './job-state.ts';
import { viewOf } from './job-view.ts';
import { JobServers } from './job-servers.ts';
import { LayoutControl } from './layout-control.ts';
import { orderedJob, type JobOrder } from './new-job.ts';
import type { DeskOrder, JobRow } from './ports.ts';
import { recoverJob } from './recover-job.ts';
import { reconcile } from './reconcile.ts';
import { StreamControl } from './streams/stream-control.ts';
import { streamTiming } from './streams/stream-side.ts';
import { firstStreams } from './streams/with-streams.ts';
import { noOutputFacts, noRoomFacts } from './watch/facts.ts';
import { JobKeeper } from './watch/job-keeper.ts';
import { watchTiming } from './watch/timing.ts';

/** Carries jobs: feeds events to the machine, does its effects, keeps the journal. */
export class JobController {
  readonly #options: JobControllerOptions;
  readonly #scope: Scope;
  readonly #book: JobBook;
  readonly #events: JobEvents;
  readonly #desk: DeskRunner;
  readonly layouts: LayoutControl;
  /** What servers tell of jobs. */
  readonly servers: JobServers;
  /** The destinations of streams. */
  readonly streams: StreamControl;
  readonly #calls: EgressCalls;
  readonly #keeper: JobKeeper;
  #isClosing = false;
  #holdsWaiting = false;

  constructor(options: JobControllerOptions) {
    this.#options = options;
    this.#scope = new Scope('jobs', {
      onError: (error, name) => options.log.error('Part of a job failed', { name }, error),
    });
    const recover = (row: JobRow): JobState | null => recoverJob(row, options);
    this.#book = new JobBook({ ...options, recover });
    this.#events = new JobEvents(options.events);
    this.#desk = new DeskRunner({ ...options, scope: this.#scope });
    this.#calls = new EgressCalls({
      ...options,
      jobOf: (jobId) => this.#book.get(jobId),
      isKnown: (serverId, egressId) => this.#book.knows(serverId, egressId),
      dispatch: (jobId, event) => this.#dispatch(jobId, event),
      onCalled: (serverId) => this.servers.nudge(serverId),
      onStopRefused: (jobId, problem) => this.#keeper.stopRefused(jobId, problem),
    });
    this.servers = new JobServers({
      ...options,
      book: this.#book,
      calls: this.#calls,
      scope: this.#scope,
      dispatch: (jobId, event) => this.#dispatch(jobId, event),
      onFound: (job) => this.#events.keep(job, options.clock.nowMs(), foundStory(job)),
      onLooked: (running) => this.streams.looked(running),
    });
    this.#keeper = new JobKeeper({
      ...options,
      running: () => this.#book.all().filter(isRunning),
      roomFacts: options.roomFacts ?? (() => noRoomFacts),
      outputFacts: options.outputFacts ?? (() => noOutputFacts),
      timing: options.watchTiming ?? watchTiming,
      dispatch: (jobId, event) => this.#dispatch(jobId, event),
      onWarnings: (jobId, warnings) => {
        this.#book.setWarnings(jobId, warnings);
        options.onWarnings?.(this.get(jobId));
      },
      onFailed: (jobId, error) => options.log.error('A job could not be looked after', { jobId }, error),
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
    for (const { job, events } of reconcile(options.store.running(), options.found, options.clock.nowMs(), recover)) {
      this.#book.put(job);
      for (const event of events) this.#dispatch(job.id, event);
    }
    this.servers.wasClosed();
    this.#scope.spawn('keeper', (signal) => this.#keeper.run(signal));
  }

  jobs(serverId: string) {
    return this.#book.cell(serverId);
  }
  /** Null: older than a day, or never known; the history knows the former. */
  find(jobId: string): Job | null {
    const job = this.#book.get(jobId);
    return job ? this.#book.view(job) : null;
  }
  get(jobId: string): Job {
    return this.#book.view(this.#state(jobId));
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
    this.servers.watch(job.serverId);
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

  /** The server is about to be removed: its jobs end here, and run on there. */
  letGo(serverId: string): void {
    const atMs = this.#options.clock.nowMs();
    for (const job of this.#book.all().filter((one) => one.serverId === serverId)) {
      this.#dispatch(job.id, { type: 'serverRemoved', atMs });
      this.#calls.callOff(job.id);
    }
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
        this.#openDesk(job, { take: effect.take, goesOn: effect.goesOn === true });
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
      case 'tellDeskHole':
      case 'tellStreamGivenUp':
      case 'tellStreamBack':
      case 'tellMissed':
      case 'tellStopped':
      case 'tellStoppedElsewhere':
        this.#options.onNotice(viewOf(job), effect);
    }
  }

  #openDesk(job: JobState, order: Pick<DeskOrder, 'take' | 'goesOn'>): void {
    if (this.#isClosing) return; // nobody would close it; the next start finds the job as it is
    this.#desk.start(job, order, (event) => this.#dispatch(job.id, event));
  }
}
