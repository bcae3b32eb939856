// Whatever the order of polls, webhooks, commands and crashes: a job ends in its server's true state, and its journal tells it.
import { expect, test } from 'vitest';
import type { JobEvent } from '../../src/core/jobs/job-event.ts';
import { JobEvents, replay } from '../../src/core/jobs/job-events.ts';
import { advance, type JobEffect } from '../../src/core/jobs/job-machine.ts';
import { deskIsOver, type JobState } from '../../src/core/jobs/job-state.ts';
import { orderedJob } from '../../src/core/jobs/new-job.ts';
import type { EgressSnapshot } from '../../src/core/jobs/ports.ts';
import { maxTries } from '../../src/core/jobs/retries.ts';
import type { JobRow } from '../../src/core/jobs/ports.ts';
import { recoverJob } from '../../src/core/jobs/recover-job.ts';
import { reconcile } from '../../src/core/jobs/reconcile.ts';
import { silentLog } from '../../src/core/live/log.ts';
import type { Problem } from '../../src/shared/model/common.ts';
import { noResults } from '../../src/shared/model/egress-results.ts';
import { programRequest } from '../../src/shared/model/job-request.ts';
import { JobEventRows, JobRows } from '../support/job-stores.ts';

/** Small and seeded, so that a failure can be run again. */
class Dice {
  #state: number;
  constructor(seed: number) {
    this.#state = (seed * 2_654_435_761) % 2 ** 32;
  }
  roll(): number {
    this.#state = (this.#state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return this.#state / 2 ** 32;
  }
  below(count: number): number {
    return Math.floor(this.roll() * count);
  }
  one<T>(of: readonly T[]): T {
    return of[this.below(of.length)] as T;
  }
}

const outcomes = ['complete', 'failed', 'aborted', 'limit-reached'] as const;
const refused: Problem = { code: 'egress-limit', fault: 'server', retryable: false, text: 'No more.', said: 'limit' };
const broken: Problem = { code: 'disk', fault: 'yours', retryable: false, text: 'The disk refuses.' };

/** What really happens at the server, step by step; the console sees as much of it as the dice let it. */
function courseOf(dice: Dice): EgressSnapshot[] {
  const outcome = dice.one(outcomes);
  const began = dice.roll() < 0.8;
  const say = (status: EgressSnapshot['status'], mediaStartedAtMs: number | null, bytes = 0) => ({
    status,
    mediaStartedAtMs,
    bytes,
  });
  const steps = [
    say('starting', null),
    ...(began
      ? [
          say('active', null),
          ...Array.from({ length: 1 + dice.below(4) }, (_each, index) => say('active', 2_000, index)),
          ...(dice.roll() < 0.7 ? [say('ending', 2_000)] : []),
        ]
      : []),
    say(outcome, began ? 2_000 : null, 9),
  ];
  return steps.map(({ bytes, ...step }, index) => ({
    egressId: 'EG_1',
    roomName: 'town-hall',
    kind: 'room-composite',
    startedAtMs: 1_500,
    endedAtMs: index === steps.length - 1 ? 9_000 : null,
    updatedAtNs: BigInt(index + 1),
    error: step.status === 'failed' ? 'signal: killed' : '',
    errorCode: step.status === 'failed' ? 500 : 0,
    details: '',
    results: { ...noResults, files: [{ name: 'a.mp4', location: '', bytes, durationMs: bytes }] },
    ...step,
  }));
}

const rank = ['none', 'requested', 'starting', 'active', 'ending', 'ended', 'refused'];

/** One console after another on one journal; what the machine wants done is done late, or never because of a crash. */
class Run {
  readonly rows = new JobRows();
  readonly events = new JobEventRows();
  state: JobState;
  #recorder = new JobEvents(this.events);
  #todo: JobEffect[] = [];
  #atMs = 1_000;
  #highest = 0;
  stops = 0;
  stopsAsked = 0;
  starts = 0;
  deskOpen = false;

  constructor(mode: 'best' | 'egress-only') {
    this.state = orderedJob(
      { serverId: 's', roomName: 'town-hall', mode, request: programRequest('a', 'grid') },
      this.#atMs,
    );
    this.#recorder.keep(this.state, this.#atMs);
    this.#save();
    this.take({ type: 'begun', atMs: this.#atMs });
  }
  now(): number {
    return ++this.#atMs;
  }
  take(event: JobEvent): void {
    const before = this.state;
    const { state, effects } = advance(before, event);
    if (state !== before || effects.length > 0) this.#recorder.record(before, event, state, effects);
    this.state = state;
    if (state !== before) this.#save();
    this.#todo.push(...effects);
    if (event.type === 'stopAsked') this.stopsAsked++;
    this.starts += effects.filter((effect) => effect.do === 'startEgress').length;
    const now = rank.indexOf(state.egress.at === 'waiting' ? 'requested' : state.egress.at);
    if (now < this.#highest) throw new Error(`went back to ${state.egress.at}`);
    this.#highest = now;
  }
  /** What the desk answers, when the dice let it. */
  work(dice: Dice): void {
    for (const effect of this.#todo.splice(0, 1 + dice.below(3))) {
      if (effect.do === 'stopEgress') this.stops++;
      if (effect.do === 'openDesk') {
        this.deskOpen = true;
        if (dice.roll() < 0.15) this.take({ type: 'deskFailed', atMs: this.now(), problem: broken });
        else this.take({ type: 'deskBegan', atMs: this.now(), startedAtMs: this.#atMs });
      }
      if (effect.do === 'closeDesk' && this.deskOpen) {
        this.deskOpen = false;
        this.take({ type: 'deskClosed', atMs: this.now(), files: [] });
      }
    }
  }
  get isIdle(): boolean {
    return this.#todo.length === 0;
  }
  /** The process is killed: the journal is all there is. Sometimes its newest row is damaged, and its story must do. */
  crash(dice: Dice): void {
    this.#todo = [];
    this.deskOpen = false;
    this.#recorder = new JobEvents(this.events);
    const isDamaged = dice.roll() < 0.3;
    const rows = this.rows.running().map((row) => (isDamaged ? { ...row, state: '{"half' } : row));
    const recover = (row: JobRow) => recoverJob(row, { store: this.rows, events: this.events, log: silentLog });
    for (const { job, events } of reconcile(rows, [], this.now(), recover)) {
      expect(job).toEqual(JSON.parse(JSON.stringify(this.state)));
      this.state = job;
      for (const event of events) this.take(event);
    }
    // Whether the stop had reached the server died with the process.
    const { egress, stopAskedAtMs } = this.state;
    const mustStop = stopAskedAtMs !== null && 'egressId' in egress && egress.at !== 'ended';
    expect(this.#todo.some((effect) => effect.do === 'stopEgress')).toBe(mustStop);
  }
  #save(): void {
    const { id, serverId, requestedAtMs, phase } = this.state;
    const isRunning = phase !== 'done' && phase !== 'failed';
    this.rows.save({ id, serverId, requestedAtMs, isRunning, state: JSON.stringify(this.state) });
  }
}

function play(seed: number): void {
  const dice = new Dice(seed);
  const course = courseOf(dice);
  const last = course.at(-1);
  if (!last) throw new Error('no course');
  const run = new Run(dice.one(['best', 'egress-only']));
  // It is taken at once, at a later try, or never.
  const isRefused = dice.roll() < 0.15;
  let refusalsLeft = isRefused ? Infinity : dice.roll() < 0.3 ? 1 + dice.below(4) : 0;
  let truth = refusalsLeft > 0 ? -1 : 0;
  /** What the server does with a try; none is under way where it was refused already. */
  const answer = (): void => {
    if (truth >= 0 || run.state.egress.at !== 'requested') return;
    if (refusalsLeft === 0) truth = 0;
    else {
      refusalsLeft--;
      const isLost = dice.roll() < 0.2;
      run.take(
        isLost ? { type: 'egressGone', atMs: run.now() } : { type: 'egressRefused', atMs: run.now(), problem: refused },
      );
    }
  };
  const because = (): 'time' | 'free' | 'asked' => dice.one(['time', 'free', 'asked']);
  const seen = (index: number): void => {
    const snapshot = course[index];
    const by = dice.one(['answer', 'look', 'webhook'] as const);
    if (snapshot) run.take({ type: 'egressSeen', atMs: run.now(), snapshot, by });
  };
  for (let step = 0; step < 24; step++) {
    const way = dice.roll();
    if (truth >= 0 && way < 0.25) truth = Math.min(truth + 1, course.length - 1);
    else if (truth >= 0 && way < 0.65)
      seen(dice.below(truth + 1)); // a poll, a late webhook, one that comes again
    else if (way < 0.72) run.take({ type: 'stopAsked', atMs: run.now() });
    else if (way < 0.78) run.crash(dice);
    else if (way < 0.82) answer();
    else if (way < 0.83) run.take({ type: 'tryAgain', atMs: run.now(), because: because() });
    else if (way < 0.84) run.take({ type: 'deskGrew', atMs: run.now(), files: [], peopleCount: dice.below(9) });
    else run.work(dice);
  }
  // In the end the console looks once more, and the desk does what it was told.
  while (truth < 0 && run.state.egress.at !== 'refused') {
    answer();
    run.take({ type: 'tryAgain', atMs: run.now(), because: 'time' });
  }
  if (truth >= 0) seen(course.length - 1);
  while (!run.isIdle) run.work(dice);
  if (!deskIsOver(run.state.desk)) {
    run.take({ type: 'stopAsked', atMs: run.now() });
    while (!run.isIdle) run.work(dice);
    if (!deskIsOver(run.state.desk)) run.crash(dice);
  }
  const { egress, phase, id } = run.state;
  if (truth < 0) expect(egress.at).toBe('refused');
  else expect(egress).toMatchObject({ at: 'ended', outcome: last.status, updatedAtNs: String(last.updatedAtNs) });
  expect(['done', 'failed']).toContain(phase);
  if (truth >= 0 && (last.status === 'complete' || last.status === 'limit-reached')) expect(phase).toBe('done');
  expect(run.stops).toBeLessThanOrEqual(run.stopsAsked);
  expect(run.starts).toBeLessThanOrEqual(run.state.asksAgain ? maxTries : 1);
  expect(replay(run.events.of(id))).toEqual(JSON.parse(JSON.stringify(run.state)));
}

test(
  '10,000 random orders, losses and repeats of polls, webhooks, commands and crashes end in the server`s true state',
  { timeout: 120_000 },
  () => {
    for (let seed = 1; seed <= 10_000; seed++) {
      try {
        play(seed);
      } catch (error) {
        throw new Error(`seed ${seed}`, { cause: error });
      }
    }
  },
);

test('a story that becomes too long begins anew with the job as it is, and comes to the same state', () => {
  const events = new JobEventRows();
  const recorder = new JobEvents(events);
  let job = orderedJob({ serverId: 's', roomName: 'r', mode: 'egress-only', request: programRequest('a') }, 1);
  recorder.keep(job, 1);
  const [start] = courseOf(new Dice(3));
  if (!start) throw new Error('no course');
  for (let index = 0; index < 1_500; index++) {
    // Grows, and begins to grow in another way each time: nothing can be replaced.
    const event: JobEvent =
      index % 2 === 0
        ? { type: 'egressSeen', atMs: index, snapshot: { ...start, status: 'active', updatedAtNs: BigInt(index + 1) } }
        : { type: 'deskGrew', atMs: index, files: [], peopleCount: index };
    const { state, effects } = advance(job, event);
    recorder.record(job, event, state, effects);
    job = state;
  }
  expect(events.of(job.id).length).toBeLessThan(700);
  expect(replay(events.of(job.id))).toEqual(JSON.parse(JSON.stringify(job)));
});
