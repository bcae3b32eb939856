import type { AudioFeed, FeedEvent } from '../feeds/audio-feed.ts';
import type { Clock } from '../live/clock.ts';

/** Below -60 dBFS nobody speaks: 33 of 32,768. */
const quietPeak = 33;
/** Who was heard so lately need not be heard again: most sound is not looked at. */
const againAfterMs = 500;

interface Heard {
  /** Feeds of the room from which sound comes now. */
  readonly live: Set<AudioFeed>;
  atMs: number;
}

/** When each room was last heard, by the feeds that are open anyway: meters, captions, recordings here. None is opened for it. */
export class HeardRooms {
  readonly #clock: Clock;
  readonly #rooms = new Map<string, Heard>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Null while no sound comes from the room to here, for whatever reason: that is no silence. Begins with the moment it comes. */
  heardAtMs(serverId: string, roomName: string): number | null {
    return this.#rooms.get(keyOf(serverId, roomName))?.atMs ?? null;
  }

  /** The same feed, overheard from its first listener on. */
  overhear(serverId: string, roomName: string, feed: AudioFeed): AudioFeed {
    const key = keyOf(serverId, roomName);
    let isHeard = false;
    return {
      kind: feed.kind,
      on: (listener) => {
        const off = feed.on(listener);
        if (!isHeard) feed.on((event) => this.#take(key, feed, event));
        isHeard = true;
        return off;
      },
      close: () => {
        this.#end(key, feed);
        return feed.close();
      },
    };
  }

  #take(key: string, feed: AudioFeed, event: FeedEvent): void {
    const nowMs = this.#clock.nowMs();
    if (event.type === 'state' && event.identity === undefined) {
      if (event.state !== 'live') return this.#end(key, feed);
      const room = this.#rooms.get(key) ?? { live: new Set(), atMs: nowMs };
      room.live.add(feed);
      this.#rooms.set(key, room);
    } else if (event.type === 'pcm') {
      const room = this.#rooms.get(key);
      if (!room || nowMs - room.atMs < againAfterMs) return;
      if (event.samples.some((value) => Math.abs(value) > quietPeak)) room.atMs = nowMs;
    }
  }

  #end(key: string, feed: AudioFeed): void {
    const room = this.#rooms.get(key);
    room?.live.delete(feed);
    if (room?.live.size === 0) this.#rooms.delete(key);
  }
}

const keyOf = (serverId: string, roomName: string): string => JSON.stringify([serverId, roomName]);
