import { networkInterfaces } from 'node:os';
import type { Observability as ObservabilityView } from '../../shared/contract/observability.ts';
import type { Problem } from '../../shared/model/common.ts';
import { isRunning, type Job } from '../../shared/model/job.ts';
import { ProblemError, problemOf } from '../../shared/model/problem-error.ts';
import type { CaptionStore } from '../captions/ports.ts';
import type { Clock } from '../live/clock.ts';
import type { Log } from '../live/log.ts';
import { StateCell } from '../live/state-cell.ts';
import type { EgressSnapshot } from '../livekit/egress-info.ts';
import type { EgressWatcher } from '../livekit/egress-watcher.ts';
import { problemOfEgress } from '../livekit/errors.ts';
import { EgressMeter, type MeteredEgress } from '../observe/egress-meter.ts';
import { healthOf, recentMs, type Health, type HealthInput } from '../observe/health.ts';
import { Metrics } from '../observe/metrics.ts';
import { openObserveServer, type ObserveServer } from '../observe/observe-server.ts';
import { needsToken, type ObservabilitySettings } from '../settings/observability-settings.ts';

export interface ObservabilityOptions {
  readonly settings: ObservabilitySettings;
  /** Served for this run whatever the settings say: to this computer alone, on any free port where they say no. */
  readonly isForced: boolean;
  readonly servers: () => HealthInput['servers'];
  readonly captionSessions: () => number;
  readonly isJournalWritten: () => boolean;
  readonly diskLastsMs: () => number | null;
  /** It is switched on and could not be served. */
  readonly onProblem: (problem: Problem) => void;
  readonly clock: Clock;
  readonly log: Log;
}

/** Counts what happens from the first moment, and serves it where the producer has switched that on. */
export class Observability {
  readonly state: StateCell<ObservabilityView>;
  readonly #options: ObservabilityOptions;
  readonly #metrics: Metrics;
  readonly #meters = new Map<string, EgressMeter>();
  readonly #engines = new Map<string, Job['engine']>();
  #server: ObserveServer | null = null;
  /** What is set is applied one after the other. */
  #applying: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(options: ObservabilityOptions) {
    this.#options = options;
    this.#metrics = new Metrics({
      activeJobs: () => ({ egress: this.#running('egress'), desk: this.#running('desk') }),
      captionSessions: options.captionSessions,
      activeEgress: () => [...this.#meters.values()].flatMap((meter) => [...meter.active()]),
    });
    this.state = new StateCell<ObservabilityView>({ ...options.settings.choice.value, url: null, problem: null });
  }

  /** Serves as it is set now. Never rejects: why it is not served stands in the state. */
  apply(): Promise<void> {
    this.#applying = this.#applying.then(() => this.#apply());
    return this.#applying;
  }
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#applying;
    await this.#server?.close();
    this.#server = null;
  }

  /** Who counts the egress of a server. */
  watcherOf(serverId: string): EgressWatcher {
    const known = this.#meters.get(serverId);
    const meter = known ?? new EgressMeter(this.#metrics.egress, () => this.#options.clock.monotonicMs());
    this.#meters.set(serverId, meter);
    return {
      startAsked: (kind) => {
        const asked = meter.startAsked(kind);
        return { began: (snapshot) => asked.began(meteredOf(snapshot)), refused: ({ code }) => asked.refused(code) };
      },
      stopAsked: (egressId) => meter.stopAsked(egressId),
      listed: (list) => meter.listed(list.map(meteredOf)),
    };
  }
  /** From a checked webhook: sooner than the next list. */
  seen(serverId: string, snapshot: EgressSnapshot): void {
    this.#meters.get(serverId)?.seen(meteredOf(snapshot));
  }
  forget(serverId: string): void {
    this.#meters.delete(serverId);
  }

  jobChanged(job: Job, from: Job['phase'] | null): void {
    if (job.phase === 'armed') return; // it counts from its hour on
    if (from === 'armed' && !isRunning(job)) return; // cancelled, or missed
    if (from === null || from === 'armed') this.#metrics.jobStarted(job.engine);
    if (job.phase === 'waiting') this.#engines.delete(job.id);
    else if (job.phase === 'done' || job.phase === 'failed') {
      this.#engines.delete(job.id);
      this.#metrics.jobEnded(job.phase);
    } else this.#engines.set(job.id, job.engine);
  }
  refused(code: string): void {
    this.#metrics.egressRefused(code);
  }
  /** The same store; final captions are counted as they are kept. */
  counting(store: CaptionStore): CaptionStore {
    return {
      saveSession: (session, askedAtMs) => store.saveSession(session, askedAtMs),
      session: (id) => store.session(id),
      sessions: (serverId, sinceMs) => store.sessions(serverId, sinceMs),
      running: () => store.running(),
      saveEntry: (sessionId, entry) => {
        store.saveEntry(sessionId, entry);
        if (entry.type === 'utterance' && entry.isFinal) this.#metrics.captionFinal(entry.words.length, entry.delayMs);
      },
      entries: (sessionId) => store.entries(sessionId),
      noteHeard: (sessionId, untilMs) => store.noteHeard(sessionId, untilMs),
      lastHeardMs: (sessionId) => store.lastHeardMs(sessionId),
      isWritten: () => store.isWritten(),
    };
  }

  health(): Health {
    const { clock, servers, isJournalWritten, diskLastsMs } = this.#options;
    const meters = [...this.#meters.values()];
    const sum = (of: (meter: EgressMeter) => number): number => meters.reduce((all, meter) => all + of(meter), 0);
    return healthOf({
      servers: servers(),
      egress: {
        active: sum((meter) => [...meter.active().values()].reduce((all, count) => all + count, 0)),
        completed: sum((meter) => meter.completed),
        failed: sum((meter) => meter.failed),
      },
      recentlyFailed: sum((meter) => meter.failedSince(clock.monotonicMs() - recentMs)),
      isJournalWritten: isJournalWritten(),
      diskLastsMs: diskLastsMs(),
    });
  }

  async #apply(): Promise<void> {
    const { settings, isForced, log } = this.#options;
    await this.#server?.close();
    this.#server = null;
    const choice = settings.choice.value;
    if (this.#isClosed || (!choice.isOn && !isForced)) return this.state.set({ ...choice, url: null, problem: null });
    try {
      // Forced for this run it is served to this computer alone.
      const isOpen = choice.isOn && choice.isOpen;
      const token = isOpen ? await settings.token() : null;
      if (isOpen && token === null) throw needsToken();
      this.#server = await openObserveServer({
        token,
        port: choice.isOn ? choice.port : 0,
        metrics: () => this.#metrics.text(),
        health: () => this.health(),
        log,
      });
      const url = `http://${isOpen ? addressHere() : '127.0.0.1'}:${this.#server.port}/metrics`;
      this.state.set({ ...choice, url, problem: null });
    } catch (error) {
      const problem = problemOfPort(error, choice.port);
      log.warn('The figures are not served', { code: problem.code });
      this.state.set({ ...choice, url: null, problem });
      this.#options.onProblem(problem);
    }
  }
  #running(engine: Job['engine']): number {
    return [...this.#engines.values()].filter((one) => one === engine).length;
  }
}

const meteredOf = (snapshot: EgressSnapshot): MeteredEgress => ({
  egressId: snapshot.egressId,
  kind: snapshot.kind,
  status: snapshot.status,
  code: problemOfEgress(snapshot)?.code ?? null,
});

/** The address by which others on the network reach this computer; the first one, as good as any. */
const addressHere = (): string =>
  Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.1';

function problemOfPort(error: unknown, port: number): Problem {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code !== 'EADDRINUSE' && code !== 'EACCES') return problemOf(error);
  return new ProblemError({
    code: 'port-taken',
    fault: 'yours',
    retryable: false,
    text:
      code === 'EACCES'
        ? `Port ${port} is not allowed to this program.`
        : `Port ${port} is taken by another program: the figures are not served.`,
    advice: 'Choose another port in the settings.',
  }).problem;
}
