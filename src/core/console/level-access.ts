import type { WebSocket } from 'ws';
import { LevelsHub } from '../audio/levels-hub.ts';
import type { AudioFeed, FeedEvent } from '../feeds/audio-feed.ts';
import { roomEndings } from '../feeds/returning-feed.ts';
import type { Clock } from '../live/clock.ts';
import type { Log } from '../live/log.ts';
import type { MediaPlane } from '../media-plane/media-plane.ts';

/** A page that does not read gets no more until it has read: levels are of now, or of no use. */
const maxBufferedBytes = 64 * 1024;

/** People of a room that has ended may still be listed for so long. */
const staleListMs = 10_000;
const lookEveryMs = 1_000;

export interface LevelAccessOptions {
  readonly plane: MediaPlane;
  readonly openFeed: (serverId: string, roomName: string) => Promise<AudioFeed>;
  /** Who is in the room, in the order of the page's rows. */
  readonly peopleOf: (serverId: string, roomName: string) => readonly string[];
  readonly clock: Clock;
  readonly log: Log;
}

/** The levels of rooms for the page's meters: a room is joined while somebody looks at its meters. */
export class LevelAccess {
  readonly #options: LevelAccessOptions;
  readonly #hubs = new Map<string, { readonly hub: LevelsHub; readonly serverId: string; readonly roomName: string }>();
  readonly #feeds = new Set<Promise<void>>();

  constructor(options: LevelAccessOptions) {
    this.#options = options;
  }

  /** A one-time address of the levels of a room, in the format of the contract. */
  address(serverId: string, roomName: string): string {
    return this.#options.plane.socketUrl((socket) => this.#serve(serverId, roomName, socket));
  }

  /** People came or went: the order of the frames follows the rows. */
  refresh(serverId: string): void {
    for (const entry of this.#hubs.values()) {
      if (entry.serverId === serverId) entry.hub.setPeople(this.#options.peopleOf(serverId, entry.roomName));
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#hubs.values()].map(({ hub }) => hub.close()));
    this.#hubs.clear();
    while (this.#feeds.size > 0) await Promise.all(this.#feeds);
  }

  #serve(serverId: string, roomName: string, socket: WebSocket): void {
    const key = JSON.stringify([serverId, roomName]);
    const entry = this.#hubs.get(key) ?? { hub: this.#newHub(serverId, roomName), serverId, roomName };
    this.#hubs.set(key, entry);
    entry.hub.setPeople(this.#options.peopleOf(serverId, roomName));
    const leave = entry.hub.subscribe((data) => {
      if (typeof data === 'string' || socket.bufferedAmount < maxBufferedBytes) socket.send(data);
    });
    socket.once('close', () => {
      leave();
      if (entry.hub.subscriberCount > 0 || this.#hubs.get(key) !== entry) return;
      this.#hubs.delete(key);
      void entry.hub.close();
    });
  }

  #newHub(serverId: string, roomName: string): LevelsHub {
    const { clock, log } = this.#options;
    return new LevelsHub({ listen: (listener) => this.#listen(serverId, roomName, listener), clock, log });
  }

  /** Opens a feed for as long as the hub listens; it may be told to stop before the feed is there. */
  #listen(serverId: string, roomName: string, listener: (event: FeedEvent) => void): () => void {
    const stop = new AbortController();
    const run = async (): Promise<void> => {
      try {
        while (!stop.signal.aborted) {
          await this.#listenOnce(serverId, roomName, listener, stop.signal);
          await this.#untilItIsBack(serverId, roomName, stop.signal);
        }
      } catch (error) {
        if (stop.signal.aborted) return;
        this.#options.log.warn('The levels of a room cannot be had', {
          serverId,
          roomName,
          reason: error instanceof Error ? error.message : 'unknown',
        });
      }
    };
    const running = run().finally(() => this.#feeds.delete(running));
    this.#feeds.add(running);
    return () => stop.abort();
  }

  /** Resolves when the room has ended; rejects where it is told to stop. */
  async #listenOnce(
    serverId: string,
    roomName: string,
    listener: (event: FeedEvent) => void,
    stop: AbortSignal,
  ): Promise<void> {
    const feed = await this.#options.openFeed(serverId, roomName);
    const over = Promise.withResolvers<void>();
    const onStop = (): void => over.reject(stop.reason);
    stop.addEventListener('abort', onStop, { once: true });
    if (stop.aborted) onStop();
    feed.on((event) => {
      listener(event);
      if (event.type === 'state' && roomEndings.has(event.problem?.code ?? '')) over.resolve();
    });
    try {
      await over.promise;
    } finally {
      stop.removeEventListener('abort', onStop);
      await feed.close();
    }
  }

  /** A join would make an ended room anew: it is joined again once the list that no longer had its people has some. */
  async #untilItIsBack(serverId: string, roomName: string, stop: AbortSignal): Promise<void> {
    const { clock, peopleOf } = this.#options;
    const hasPeople = (): boolean => peopleOf(serverId, roomName).length > 0;
    const untilMs = clock.monotonicMs() + staleListMs;
    while (hasPeople() && clock.monotonicMs() < untilMs) await clock.delay(lookEveryMs, stop);
    while (!hasPeople()) await clock.delay(lookEveryMs, stop);
  }
}
