import type { Problem } from '../../shared/model/common.ts';
import type { Clock } from '../live/clock.ts';
import type { Log } from '../live/log.ts';
import { Scope } from '../live/scope.ts';
import { EgressWatch } from './egress-watch.ts';
import type { EgressPort, EgressSnapshot } from './ports.ts';

export interface ServerLooksOptions {
  readonly egressOf: (serverId: string) => EgressPort | null;
  readonly isBusy: (serverId: string) => boolean;
  readonly onList: (serverId: string, list: readonly EgressSnapshot[], askedAtMs: number) => void;
  readonly onPresent: (serverId: string) => void;
  readonly onAbsent: (serverId: string, problem: Problem) => void;
  /** Since when a server could not be asked; null once it answers again. */
  readonly onUnanswered: (serverId: string, sinceMs: number | null) => void;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly log: Log;
}

/** Looks at the egress of each server, one watch a server, until the signal. */
export class ServerLooks {
  readonly #options: ServerLooksOptions;
  readonly #watches = new Map<string, { readonly watch: EgressWatch; readonly scope: Scope }>();

  constructor(options: ServerLooksOptions) {
    this.#options = options;
  }

  /** Harmless when repeated. */
  begin(serverId: string): void {
    const { egressOf, signal, clock, log } = this.#options;
    const port = egressOf(serverId);
    if (!port || this.#watches.has(serverId) || signal.aborted) return;
    const scope = new Scope(`egress of ${serverId}`, {
      signal,
      onError: (error) => log.error('The jobs of a server are no longer followed', { serverId }, error),
    });
    const watch = new EgressWatch({
      port,
      clock,
      log: log.with({ serverId }),
      isBusy: () => this.#options.isBusy(serverId),
      onList: (list, askedAtMs) => this.#options.onList(serverId, list, askedAtMs),
      onPresent: () => this.#options.onPresent(serverId),
      onUnanswered: (sinceMs) => this.#options.onUnanswered(serverId, sinceMs),
      onAbsent: (problem) => this.#options.onAbsent(serverId, problem),
    });
    this.#watches.set(serverId, { watch, scope });
    scope.spawn('watch', (until) => watch.run(until));
  }

  async end(serverId: string): Promise<void> {
    const entry = this.#watches.get(serverId);
    this.#watches.delete(serverId);
    await entry?.scope.close();
  }

  /** Something happened: look now. */
  nudge(serverId: string): void {
    this.#watches.get(serverId)?.watch.nudge();
  }
}
