import type { Clock } from '../live/clock.ts';
import type { Log } from '../live/log.ts';
import { LiveKitApi } from '../livekit/api.ts';
import type { EgressWatcher } from '../livekit/egress-watcher.ts';
import type { ServerBook } from '../settings/server-book.ts';

/** One API client for each server, made when it is first needed and anew when its address or secret has changed. */
export class ServerAccess {
  readonly #servers: ServerBook;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #watcherOf: (serverId: string) => EgressWatcher;
  readonly #apis = new Map<string, Promise<LiveKitApi>>();

  constructor(options: {
    readonly servers: ServerBook;
    readonly watcherOf: (serverId: string) => EgressWatcher;
    readonly clock: Clock;
    readonly log: Log;
  }) {
    this.#watcherOf = options.watcherOf;
    this.#servers = options.servers;
    this.#clock = options.clock;
    this.#log = options.log;
  }

  /** Rejects with a ProblemError where the server is not known or its secret cannot be had. */
  api(serverId: string): Promise<LiveKitApi> {
    const known = this.#apis.get(serverId);
    if (known) return known;
    const made = this.#make(serverId);
    this.#apis.set(serverId, made);
    made.catch(() => this.#apis.delete(serverId)); // told to who asked; the next one asks anew
    return made;
  }

  /** The server was changed or removed. */
  async forget(serverId: string): Promise<void> {
    const made = this.#apis.get(serverId);
    this.#apis.delete(serverId);
    await made?.then(
      (api) => api.close(),
      () => {}, // it never came to be
    );
  }
  async close(): Promise<void> {
    await Promise.all(Array.from(this.#apis.keys(), (serverId) => this.forget(serverId)));
  }

  async #make(serverId: string): Promise<LiveKitApi> {
    const credentials = await this.#servers.credentials(serverId);
    const watcher = this.#watcherOf(serverId);
    return new LiveKitApi({ ...credentials, watcher, clock: this.#clock, log: this.#log.with({ serverId }) });
  }
}
