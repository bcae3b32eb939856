import type { Problem } from '../../../shared/model/common.ts';
import { problemOf } from '../../../shared/model/problem-error.ts';
import { redactAddress } from '../../../shared/text/redact.ts';
import type { Clock } from '../../live/clock.ts';
import type { Log } from '../../live/log.ts';
import type { Scope } from '../../live/scope.ts';
import type { JobState } from '../job-state.ts';
import type { EgressPort, EgressSnapshot } from '../ports.ts';
import { dueStreams, type CallResult, type Due, type StreamChange } from './change-streams.ts';
import type { StreamTiming } from './stream-side.ts';
import type { StreamState } from './stream-state.ts';

export interface StreamRunnerOptions {
  readonly portOf: (serverId: string) => EgressPort | null;
  readonly dispatch: (jobId: string, change: StreamChange) => void;
  readonly onSnapshot: (jobId: string, snapshot: EgressSnapshot) => void;
  readonly timing: StreamTiming;
  readonly clock: Clock;
  readonly log: Log;
  readonly scope: Scope;
}
type Side = 'add' | 'remove';

/** Asks the server for what the destinations of a job need: one call at a time for each job. */
export class StreamRunner {
  readonly #options: StreamRunnerOptions;
  readonly #busy = new Set<string>();
  readonly #wakes = new Map<string, { readonly atMs: number; readonly abort: AbortController }>();

  constructor(options: StreamRunnerOptions) {
    this.#options = options;
  }

  /** The job may have changed: do what is due. Only a job that runs is asked: any other takes 3 s to say no. */
  look(job: JobState): void {
    const { egress } = job;
    if (this.#busy.has(job.id)) return;
    if (egress.at !== 'active' || job.stopAskedAtMs !== null || job.streams.length === 0)
      return this.#sleep(job.id, null);
    const { timing, clock, dispatch, scope } = this.#options;
    const due = dueStreams(job.streams, clock.nowMs(), timing);
    if (due.lost.length > 0)
      return dispatch(job.id, {
        do: 'answer',
        results: due.lost.map(({ id }) => ({ id, outcome: 'unknown', said: '' })),
      });
    if (due.add.length + due.remove.length === 0) return this.#sleep(job.id, due.wakeAtMs);
    this.#busy.add(job.id);
    dispatch(job.id, { do: 'call', addIds: idsOf(due.add), removeIds: idsOf(due.remove) });
    scope.spawn(`streams of ${job.id}`, (signal) => this.#call(job, egress.egressId, due, signal));
  }

  async #call(job: JobState, egressId: string, due: Due, signal: AbortSignal): Promise<void> {
    const { dispatch, onSnapshot, log } = this.#options;
    let snapshot: EgressSnapshot | null = null;
    let results: readonly CallResult[] = [];
    try {
      ({ snapshot, results } = await this.#ask(job, egressId, due, signal));
    } finally {
      this.#busy.delete(job.id);
    }
    for (const { id, outcome, said } of results)
      log.info('Destination asked for', { jobId: job.id, id, outcome, said });
    if (signal.aborted) return; // the next start of the console finds the calls as lost
    dispatch(job.id, { do: 'answer', results });
    if (snapshot) onSnapshot(job.id, snapshot);
  }

  async #ask(
    job: JobState,
    egressId: string,
    due: Due,
    signal: AbortSignal,
  ): Promise<{ readonly snapshot: EgressSnapshot | null; readonly results: readonly CallResult[] }> {
    const port = this.#options.portOf(job.serverId);
    const all = [...due.add, ...due.remove];
    if (!port) return { snapshot: null, results: all.map(({ id }) => ({ id, outcome: 'unknown', said: '' })) };
    const adds = await urlsOf(port, due.add);
    const removes = await urlsOf(port, due.remove);
    const impossible = [...adds.impossible, ...removes.impossible];
    if (adds.urls.size + removes.urls.size === 0) return { snapshot: null, results: impossible };
    const sent = [...asSide(adds.urls, 'add'), ...asSide(removes.urls, 'remove')];
    try {
      const change = { addUrls: [...adds.urls.values()], removeUrls: [...removes.urls.values()] };
      const snapshot = await port.updateStream(egressId, change, signal);
      return {
        snapshot,
        results: [...impossible, ...sent.map(({ id }) => ({ id, outcome: 'done', said: '' }) as const)],
      };
    } catch (error) {
      const problem = problemOf(error);
      return { snapshot: null, results: [...impossible, ...sent.map((one) => resultOf(one, problem))] };
    }
  }

  /** One timer for each job: when something changes by itself. */
  #sleep(jobId: string, wakeAtMs: number | null): void {
    const { clock, scope, dispatch } = this.#options;
    const known = this.#wakes.get(jobId);
    if (known?.atMs === wakeAtMs) return;
    known?.abort.abort();
    this.#wakes.delete(jobId);
    const waitMs = wakeAtMs === null ? 0 : wakeAtMs - clock.nowMs();
    if (wakeAtMs === null || waitMs <= 0) return; // what is overdue waits for the next look at the server
    const wake = { atMs: wakeAtMs, abort: new AbortController() };
    this.#wakes.set(jobId, wake);
    scope.spawn(`wake streams of ${jobId}`, async (signal) => {
      await clock.delay(waitMs, AbortSignal.any([signal, wake.abort.signal])).catch(() => {}); // another time, or the end: seen below
      if (signal.aborted || this.#wakes.get(jobId) !== wake) return;
      this.#wakes.delete(jobId);
      dispatch(jobId, { do: 'tick' });
    });
  }
}

const idsOf = (streams: readonly StreamState[]): readonly string[] => streams.map((stream) => stream.id);

interface Sent {
  readonly id: string;
  readonly url: string;
  readonly side: Side;
}
const asSide = (urls: ReadonlyMap<string, string>, side: Side): readonly Sent[] =>
  Array.from(urls, ([id, url]) => ({ id, url, side }));

async function urlsOf(
  port: EgressPort,
  streams: readonly StreamState[],
): Promise<{ readonly urls: ReadonlyMap<string, string>; readonly impossible: readonly CallResult[] }> {
  const urls = new Map<string, string>();
  const impossible: CallResult[] = [];
  for (const stream of streams)
    try {
      urls.set(stream.id, await port.streamUrl(stream));
    } catch (error) {
      impossible.push({ id: stream.id, outcome: 'impossible', said: problemOf(error).text });
    }
  return { urls, impossible };
}

/** Whether the server can have taken a call that was answered by this: where it may, its list decides. */
const mayHaveHappened = (problem: Problem): boolean =>
  problem.fault === 'network' || problem.code === 'worker-silent' || problem.code === 'server-error';

/**
 * What became of one address of a call that was refused. The server says what was wrong with which address, a line each, and
 * does the rest all the same.
 */
function resultOf({ id, url, side }: Sent, problem: Problem): CallResult {
  if (mayHaveHappened(problem)) return { id, outcome: 'unknown', said: '' };
  const lines = (problem.said ?? '').split('\n');
  const twin = redactAddress(url);
  const mine = lines.find((line) => addressesIn(line).includes(twin));
  if (mine === undefined) {
    const isAboutOthers = lines.some((line) => addressesIn(line).length > 0);
    if (isAboutOthers || side === 'remove') return { id, outcome: 'unknown', said: '' };
    return { id, outcome: problem.retryable ? 'refused' : 'impossible', said: problem.text };
  }
  // One that is not there cannot be taken off, and need not.
  if (side === 'remove') return { id, outcome: /not found/.test(mine) ? 'done' : 'unknown', said: '' };
  return { id, outcome: 'impossible', said: mine.replace(/^\d+ [a-z_]+: /, '') };
}

const addressesIn = (line: string): readonly string[] =>
  (line.match(/[a-z]+:\/\/\S+/gi) ?? []).map((url) => redactAddress(url.replace(/:$/, '')));
