import type { EgressPage } from '../../shared/model/capacity.ts';
import type { EgressRequest } from '../../shared/model/job-request.ts';
import { problemOf, ProblemError } from '../../shared/model/problem-error.ts';
import { acceptanceOf, acceptances, type WorkerFigures } from '../jobs/plan/acceptance.ts';
import { cpuKindOf } from '../jobs/plan/cpu-costs.ts';
import { wayOf } from '../jobs/plan/ways.ts';
import type { EgressPort } from '../jobs/ports.ts';
import type { Clock } from '../live/clock.ts';
import type { Log } from '../live/log.ts';
import { Scope } from '../live/scope.ts';
import { notRead, watchEgressPage, type PageReading } from '../observe/egress-page/page-watch.ts';
import { readEgressPage } from '../observe/egress-page/read-page.ts';
import type { LimitBook } from '../observe/limits.ts';
import type { FigureBook } from '../settings/figure-book.ts';
import type { ServerBook } from '../settings/server-book.ts';

export interface EgressPagesOptions {
  readonly figures: FigureBook;
  readonly servers: ServerBook;
  readonly limits: LimitBook;
  readonly clock: Clock;
  readonly log: Log;
}

/** A reading older than this says nothing of now. */
const freshMs = 60_000;

/** The Prometheus pages of egress workers, for the servers of which one was declared. */
export class EgressPages {
  readonly #options: EgressPagesOptions;
  readonly #scope: Scope;
  readonly #watched = new Map<string, { readonly url: string; readonly scope: Scope; reading: PageReading }>();

  constructor(options: EgressPagesOptions) {
    this.#options = options;
    this.#scope = new Scope('egress pages', {
      onError: (error, name) => options.log.error('A page of egress is no longer read', { name }, error),
    });
    this.#follow();
    this.#scope.add(
      'figures',
      options.figures.figures.on(() => this.#follow()),
    );
    this.#scope.add(
      'servers',
      options.servers.servers.on(() => this.#follow()),
    );
  }
  close(): Promise<void> {
    return this.#scope.close();
  }

  /** What is known of the worker now; null where no page was declared, or none could be read lately. */
  worker(serverId: string): WorkerFigures | null {
    const { figures, clock } = this.#options;
    const reading = this.#watched.get(serverId)?.reading;
    if (!reading?.worker || reading.readAtMs === null || clock.nowMs() - reading.readAtMs > freshMs) return null;
    const { cores, cpuCosts } = figures.of(serverId);
    return { worker: reading.worker, cores, costs: cpuCosts };
  }

  /** The same ports, whose refusals for lack of a worker say what the page of the worker says of it. */
  explaining(egressOf: (serverId: string) => EgressPort | null): (serverId: string) => EgressPort | null {
    return (serverId) => {
      const port = egressOf(serverId);
      return port && this.#explained(serverId, port);
    };
  }

  #explained(serverId: string, port: EgressPort): EgressPort {
    return {
      ...port,
      start: async (roomName, request, signal) => {
        try {
          return await port.start(roomName, request, signal);
        } catch (error) {
          const { problem } = error instanceof ProblemError ? error : { problem: null };
          if (problem?.code !== 'no-egress-worker') throw error;
          const why = await this.#explain(serverId, request, signal);
          throw why === null
            ? error
            : new ProblemError({ ...problem, text: `${problem.text} ${why}` }, { cause: error });
        }
      },
    };
  }

  async #explain(serverId: string, request: EgressRequest, signal: AbortSignal): Promise<string | null> {
    const { metricsUrl, cores, cpuCosts } = this.#options.figures.of(serverId);
    const way = wayOf(request);
    if (metricsUrl === null || way === 'room-sound') return null;
    try {
      const worker = await readEgressPage(metricsUrl, signal);
      const { accepts, because } = acceptanceOf(cpuKindOf[way], { worker, cores, costs: cpuCosts });
      return accepts === true
        ? 'The page of its worker says that it would take this now: it may use another redis.'
        : `The page of its worker says: ${because}`;
    } catch (error) {
      signal.throwIfAborted();
      return `The page of its worker cannot be read: ${problemOf(error).text}`;
    }
  }

  #follow(): void {
    const { figures, servers } = this.#options;
    // What was declared of a server outlives it, and a rehearsal is not there in every run.
    const urls = Object.entries(figures.figures.value.servers).flatMap(([serverId, { metricsUrl }]) =>
      metricsUrl === null || !servers.find(serverId) ? [] : [[serverId, metricsUrl] as const],
    );
    const wanted = new Map(urls);
    for (const [serverId, { url, scope }] of this.#watched) {
      if (wanted.get(serverId) === url) continue;
      this.#watched.delete(serverId);
      this.#scope.spawn('unwatch', () => scope.close());
      this.#options.limits.setPage(serverId, null);
    }
    for (const [serverId, url] of wanted) {
      if (!this.#watched.has(serverId)) this.#watch(serverId, url);
      this.#publish(serverId);
    }
  }

  #watch(serverId: string, url: string): void {
    const { clock, log } = this.#options;
    const scope = new Scope(`page of ${serverId}`, {
      signal: this.#scope.signal,
      onError: (error) => log.error('The page of an egress worker is no longer read', { serverId }, error),
    });
    const watched = { url, scope, reading: notRead };
    this.#watched.set(serverId, watched);
    const onReading = (reading: PageReading): void => {
      watched.reading = reading;
      this.#publish(serverId);
    };
    scope.spawn('read', (signal) =>
      watchEgressPage({ read: (limited) => readEgressPage(url, limited), onReading, clock }, signal),
    );
  }

  #publish(serverId: string): void {
    const watched = this.#watched.get(serverId);
    if (!watched) return;
    const { cores } = this.#options.figures.of(serverId);
    const worker = this.worker(serverId);
    const page: EgressPage = { url: watched.url, ...watched.reading, cores, kinds: worker ? acceptances(worker) : [] };
    this.#options.limits.setPage(serverId, page);
  }
}
