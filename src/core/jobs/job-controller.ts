import type { Problem } from '../../shared/model/common.ts';
import type { Job, JobFile } from '../../shared/model/job.ts';
import { isRunning } from '../../shared/model/job.ts';
import { ProblemError } from '../../shared/model/problem-error.ts';
import type { Clock } from '../live/clock.ts';
import type { Log } from '../live/log.ts';
import { Scope } from '../live/scope.ts';
import { StateCell } from '../live/state-cell.ts';
import { DeskRunner } from './desk-runner.ts';
import { EgressCalls } from './egress-calls.ts';
import { JobBook } from './job-book.ts';
import type { JobEvent } from './job-event.ts';
import { JobEvents } from './job-events.ts';
import { advance, type JobEffect } from './job-machine.ts';
import { egressIsOver, type JobState } from './job-state.ts';
import { viewOf } from './job-view.ts';
import { LayoutControl } from './layout-control.ts';
import { orderedJob, type JobOrder } from './new-job.ts';
import {
  isInUse,
  type DeskPort,
  type EgressPort,
  type EgressSnapshot,
  type JobEventStore,
  type JobStore,
} from './ports.ts';
import { reconcile, type FoundRecording } from './reconcile.ts';
import { ServerLooks } from './server-looks.ts';
import { StreamControl } from './streams/stream-control.ts';
import { streamTiming, type StreamTiming } from './streams/stream-side.ts';
import { firstStreams } from './streams/with-streams.ts';

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
  readonly onPresence: (serverId: string, egress: 'present' | 'absent') => void;
  /** An address of the address book without its secret; null where there is none. */
  readonly twinOf?: (addressId: string) => string | null;
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
  readonly #isAsking = (jobId: string): boolean => this.#calls.isAsking(jobId);
  readonly #looks: ServerLooks;
  readonly #others = new Map<string, StateCell<number>>();
  #isClosing = false;

  constructor(options: JobControllerOptions) {
    this.#options = options;
    this.#scope = new Scope('jobs', {
      onError: (error, name) => options.log.error('Part of a job failed', { name }, error),
    });
    this.#book = new JobBook(options.store, options.clock);
    this.#events = new JobEvents(options.events);
    this.#desk = new DeskRunner({ ...options, scope: this.#scope });
    this.#calls = new EgressCalls({
      ...options,
      jobOf: (jobId) => this.#book.get(jobId),
      isKnown: (serverId, egressId) => this.#book.byEgress(serverId, egressId) !== undefined,
      dispatch: (jobId, event) => this.#dispatch(jobId, event),
      onCalled: (serverId) => this.nudge(serverId),
    });
    this.#looks = new ServerLooks({
      ...options,
      isBusy: (serverId) => this.#running(serverId).some((job) => !egressIsOver(job.egress)),
      onList: (serverId, list) => this.#onList(serverId, list),
      onPresent: (serverId) => options.onPresence(serverId, 'present'),
      onAbsent: (serverId, problem) => this.#onAbsent(serverId, problem),
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
  }

  jobs(serverId: string) {
    return this.#book.cell(serverId);
  }
  /** Egress sessions of a server that are no jobs: those of captions, and what others have started. They count for its limit. */
  otherSessions(serverId: string): StateCell<number> {
    const cell = this.#others.get(serverId) ?? new StateCell(0);
    this.#others.set(serverId, cell);
    return cell;
  }
  get(jobId: string): Job {
    return viewOf(this.#state(jobId));
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
    this.#see(serverId, snapshot, 'webhook');
  }

  start(order: JobOrder): Job {
    if (this.#isClosing)
      throw new ProblemError({ code: 'closing', fault: 'ours', retryable: false, text: 'Cuedesk is closing.' });
    const atMs = this.#options.clock.nowMs();
    const ordered = orderedJob(order, atMs);
    const job = { ...ordered, streams: firstStreams(ordered.request, this.#options.twinOf ?? (() => null), atMs) };
    if (job.egress.at === 'requested' && !this.#options.egressOf(job.serverId))
      throw new ProblemError({
        code: 'no-such-server',
        fault: 'yours',
        retryable: false,
        text: 'This server is not known.',
      });
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

  file(jobId: string, fileId: string): JobFile {
    const file = this.get(jobId).files.find((one) => one.id === fileId);
    if (!file)
      throw new ProblemError({
        code: 'no-such-file',
        fault: 'yours',
        retryable: false,
        text: 'This job has no such file.',
      });
    return file;
  }

  /** Finishes what this computer records; egress goes on at its server and is found again at the next start. */
  async close(): Promise<void> {
    const atMs = this.#options.clock.nowMs();
    this.#isClosing = true;
    for (const job of this.#book.all())
      if (job.desk.at === 'opening' || job.desk.at === 'recording')
        this.#dispatch(job.id, { type: 'consoleClosing', atMs });
    await this.#desk.close();
    await this.#scope.close();
  }

  #state(jobId: string): JobState {
    const job = this.#book.get(jobId);
    if (!job)
      throw new ProblemError({ code: 'no-such-job', fault: 'yours', retryable: false, text: 'This job is not known.' });
    return job;
  }
  #running(serverId: string): readonly JobState[] {
    return this.#book.all().filter((job) => job.serverId === serverId && isRunning(viewOf(job)));
  }

  #dispatch(jobId: string, event: JobEvent): void {
    const before = this.#book.get(jobId);
    if (!before) return;
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

  #onList(serverId: string, list: readonly EgressSnapshot[]): void {
    for (const snapshot of list) this.#see(serverId, snapshot, 'look');
    this.streams.looked(this.#running(serverId));
    const others = list.filter((one) => isInUse(one) && !this.#book.byEgress(serverId, one.egressId)).length;
    const cell = this.otherSessions(serverId);
    if (cell.value !== others) cell.set(others);
    const atMs = this.#options.clock.nowMs();
    for (const job of this.#book.missingFrom(serverId, list, atMs, this.#isAsking))
      this.#dispatch(job.id, { type: 'egressGone', atMs });
  }

  /** Without egress there is no list that could tell of a Start whose answer was lost: it was refused. */
  #onAbsent(serverId: string, problem: Problem): void {
    this.#options.onPresence(serverId, 'absent');
    const atMs = this.#options.clock.nowMs();
    for (const job of this.#running(serverId)) {
      const isUnanswered = job.egress.at === 'requested' && !this.#isAsking(job.id);
      if (!isUnanswered) continue;
      const isCalledOff = job.stopAskedAtMs !== null; // nobody waits for its refusal any more
      this.#dispatch(job.id, isCalledOff ? { type: 'egressGone', atMs } : { type: 'egressRefused', atMs, problem });
    }
  }

  #see(serverId: string, snapshot: EgressSnapshot, by: 'look' | 'webhook'): void {
    const known = this.#book.byEgress(serverId, snapshot.egressId) ?? this.#adopt(serverId, snapshot);
    if (known) this.#dispatch(known.id, { type: 'egressSeen', atMs: this.#options.clock.nowMs(), snapshot, by });
  }
  #adopt(serverId: string, snapshot: EgressSnapshot): JobState | undefined {
    const job = this.#book.adopt(serverId, snapshot, this.#isAsking);
    if (job?.startedBy === 'elsewhere') this.#events.keep(job, this.#options.clock.nowMs());
    return job;
  }
}
