import type { Problem } from '../../shared/model/common.ts';
import type { Clock } from '../live/clock.ts';
import type { Log } from '../live/log.ts';
import { startEgress, stopAgainAfterMs, stopEgress } from './egress-runner.ts';
import { noSuchServer } from './job-errors.ts';
import type { JobEvent } from './job-event.ts';
import { egressIsOver, type JobState } from './job-state.ts';
import type { EgressPort, EgressSnapshot } from './ports.ts';

export interface EgressCallsOptions {
  readonly egressOf: (serverId: string) => EgressPort | null;
  readonly jobOf: (jobId: string) => JobState | undefined;
  readonly isKnown: (serverId: string, egressId: string) => boolean;
  readonly dispatch: (jobId: string, event: JobEvent) => void;
  /** An address of the address book without its secret; left out: none is known. */
  readonly twinOf?: (addressId: string) => string | null;
  /** The server did not take a stop, for now or at all. */
  readonly onStopRefused: (jobId: string, problem: Problem) => void;
  /** A call has ended: the list tells more. */
  readonly onCalled: (serverId: string) => void;
  readonly clock: Clock;
  readonly log: Log;
}

/** The calls to a server that start and stop the egress of a job; what comes of them goes to the machine as events. */
export class EgressCalls {
  readonly #options: EgressCallsOptions;
  /** Jobs whose Start call is under way, with what calls it off. */
  readonly #asking = new Map<string, AbortController>();
  /** Egress that is asked to stop now. */
  readonly #stopping = new Set<string>();
  /** Egress that is told to stop though its job is over. */
  readonly #stoppingLate = new Set<string>();

  constructor(options: EgressCallsOptions) {
    this.#options = options;
  }

  isAsking(jobId: string): boolean {
    return this.#asking.has(jobId);
  }
  /** Nobody waits for the answer any more. Should the server have taken the job, its list tells, and it is stopped. */
  callOff(jobId: string): void {
    this.#asking.get(jobId)?.abort();
  }

  async start(job: JobState, signal: AbortSignal): Promise<void> {
    const { egressOf, isKnown, dispatch, onCalled, clock, log } = this.#options;
    const port = egressOf(job.serverId);
    if (!port) {
      // It was scheduled, and its server was removed meanwhile: nobody else would end it.
      const { problem } = noSuchServer();
      return dispatch(job.id, { type: 'egressRefused', atMs: clock.nowMs(), problem });
    }
    const calledOff = new AbortController();
    this.#asking.set(job.id, calledOff);
    const isOurs = (egressId: string): boolean => isKnown(job.serverId, egressId);
    const outcome = await startEgress(
      port,
      job,
      isOurs,
      this.#options.twinOf ?? (() => null),
      AbortSignal.any([signal, calledOff.signal]),
    )
      .catch((error: unknown) => {
        if (signal.aborted || !calledOff.signal.aborted) throw error;
        return null;
      })
      .finally(() => this.#asking.delete(job.id));
    const atMs = clock.nowMs();
    if (outcome === null) log.info('A start was called off before the server had answered', { jobId: job.id });
    else if ('snapshot' in outcome) {
      // Two that were never answered may have found the same one in the list: the second is looked for again.
      if (!isOurs(outcome.snapshot.egressId))
        dispatch(job.id, { type: 'egressSeen', atMs, snapshot: outcome.snapshot, by: 'answer' });
    } else if ('refused' in outcome) dispatch(job.id, { type: 'egressRefused', atMs, problem: outcome.refused });
    else log.warn('Whether the server took a job is not known yet', { jobId: job.id, code: outcome.unknown.code });
    onCalled(job.serverId);
  }

  /** Stops what the server took of a start that had been called off. Harmless while that is under way. Rejects for the signal. */
  async stopLate(job: JobState, egressId: string, signal: AbortSignal): Promise<void> {
    if (this.#stoppingLate.has(egressId)) return;
    this.#stoppingLate.add(egressId);
    try {
      await this.stop(job, egressId, signal);
      await this.#options.clock.delay(stopAgainAfterMs, signal); // what it does upon it is in the next list
    } finally {
      this.#stoppingLate.delete(egressId);
    }
  }

  /** Goes on until the server has taken it. Harmless while that is under way. */
  async stop(job: JobState, egressId: string, signal: AbortSignal): Promise<void> {
    const { egressOf, jobOf, dispatch, onCalled, clock, log } = this.#options;
    const port = egressOf(job.serverId);
    if (!port || this.#stopping.has(egressId)) return;
    this.#stopping.add(egressId);
    const isOver = (): boolean => {
      const side = jobOf(job.id)?.egress ?? ({ at: 'none' } as const);
      return side.at !== 'refused' && egressIsOver(side); // one that was taken late is over here, and not there
    };
    const onSnapshot = (snapshot: EgressSnapshot): void =>
      dispatch(job.id, { type: 'egressSeen', atMs: clock.nowMs(), snapshot, by: 'answer' });
    const onRefused = (problem: Problem): void => this.#options.onStopRefused(job.id, problem);
    const told = { isOver, clock, log: log.with({ jobId: job.id }), onSnapshot, onRefused };
    await stopEgress(port, egressId, told, signal).finally(() => this.#stopping.delete(egressId));
    onCalled(job.serverId);
  }
}
