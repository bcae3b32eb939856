import type { Clock } from '../live/clock.ts';
import type { Log } from '../live/log.ts';
import { LiveKitApi } from './api.ts';

export interface LiveKitApisOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** Rejects with a ProblemError where the server is not known or its secret cannot be had. */
  readonly credentialsOf: (
    serverId: string,
  ) => Promise<{ readonly url: string; readonly apiKey: string; readonly apiSecret: string }>;
}

/** The API of every connected server, one each, made when first asked for. */
export class LiveKitApis {
  readonly #options: LiveKitApisOptions;
  readonly #all = new Map<string, Promise<LiveKitApi>>();
  #isClosed = false;
  constructor(options: LiveKitApisOptions) {
    this.#options = options;
  }

  /** Asked for again at each use, so that changed credentials count at once. Rejects with a ProblemError. */
  of(serverId: string): Promise<LiveKitApi> {
    const known = this.#all.get(serverId);
    if (known) return known;
    if (this.#isClosed) return Promise.reject(new Error('the servers are closed'));
    const made = this.#make(serverId);
    this.#all.set(serverId, made);
    made.catch(() => {
      // Whoever asked has the reason; the next one may fare better.
      if (this.#all.get(serverId) === made) this.#all.delete(serverId);
    });
    return made;
  }

  /** The server was changed or removed: what is on its way ends, and the next use begins anew. */
  async forget(serverId: string): Promise<void> {
    const known = this.#all.get(serverId);
    this.#all.delete(serverId);
    const api = await known?.catch(() => null); // one that was never made needs no closing
    await api?.close();
  }
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(Array.from(this.#all.keys(), (serverId) => this.forget(serverId)));
  }

  async #make(serverId: string): Promise<LiveKitApi> {
    const { clock, log } = this.#options;
    return new LiveKitApi({ ...(await this.#options.credentialsOf(serverId)), clock, log: log.with({ serverId }) });
  }
}
