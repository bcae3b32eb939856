import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { EgressFigures } from './egress-meter.ts';
import { egressMetrics } from './egress-metrics.ts';

/** What the metrics are drawn from: figures of the whole console, never of a room or a person by name. */
export interface MetricSources {
  readonly activeJobs: () => { readonly egress: number; readonly desk: number };
  readonly captionSessions: () => number;
  /** Egress that runs now, by kind; a kind may come more than once. */
  readonly activeEgress: () => Iterable<readonly [kind: string, count: number]>;
}

/** Prometheus figures of the console. Labels are bounded: no server, room or person is named. */
export class Metrics {
  readonly #registry = new Registry();
  /** Of all servers. */
  readonly egress: EgressFigures;
  readonly #jobsStarted: Counter<'engine'>;
  readonly #jobsEnded: Counter<'outcome'>;
  readonly #refusals: Counter<'code'>;
  readonly #captionWords: Counter;
  readonly #captionDelay: Histogram;
  #watchesProcess = false;

  constructor(sources: MetricSources) {
    const registers = [this.#registry];
    this.egress = egressMetrics(this.#registry, sources.activeEgress);
    this.#jobsStarted = new Counter({
      name: 'cuedesk_jobs_started_total',
      help: 'Recordings that were asked for',
      labelNames: ['engine'],
      registers,
    });
    this.#jobsEnded = new Counter({
      name: 'cuedesk_jobs_ended_total',
      help: 'Recordings that ended',
      labelNames: ['outcome'],
      registers,
    });
    this.#refusals = new Counter({
      name: 'cuedesk_egress_refused_total',
      help: 'Recordings that a server refused',
      labelNames: ['code'],
      registers,
    });
    this.#captionWords = new Counter({
      name: 'cuedesk_caption_words_total',
      help: 'Words in final captions',
      registers,
    });
    this.#captionDelay = new Histogram({
      name: 'cuedesk_caption_delay_seconds',
      help: 'From the last sound of an utterance to its final caption here',
      buckets: [0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4, 6, 10],
      registers,
    });
    new Gauge({
      name: 'cuedesk_jobs_active',
      help: 'Recordings that run now',
      labelNames: ['engine'],
      registers,
      collect() {
        const { egress, desk } = sources.activeJobs();
        this.set({ engine: 'egress' }, egress);
        this.set({ engine: 'desk' }, desk);
      },
    });
    new Gauge({
      name: 'cuedesk_caption_sessions_active',
      help: 'Caption sessions that run now',
      registers,
      collect() {
        this.set(sources.captionSessions());
      },
    });
  }

  jobStarted(engine: 'egress' | 'desk'): void {
    this.#jobsStarted.inc({ engine });
  }
  jobEnded(outcome: 'done' | 'failed'): void {
    this.#jobsEnded.inc({ outcome });
  }
  /** `code`: of our own error catalogue, so there are only so many. */
  egressRefused(code: string): void {
    this.#refusals.inc({ code });
  }
  captionFinal(words: number, delayMs: number | null): void {
    this.#captionWords.inc(words);
    if (delayMs !== null) this.#captionDelay.observe(delayMs / 1000);
  }

  /** The exposition format of Prometheus. What watches this process begins with the first reader. */
  text(): Promise<string> {
    if (!this.#watchesProcess) collectDefaultMetrics({ register: this.#registry, prefix: 'cuedesk_' });
    this.#watchesProcess = true;
    return this.#registry.metrics();
  }
}
