import type { Person } from '../../shared/model/room.ts';
import type { Clock } from '../live/clock.ts';
import type { Log } from '../live/log.ts';
import type { StateCell } from '../live/state-cell.ts';
import { JoinedRoom, type JoinTicket, type LinkState, type RoomEvent, type RoomStream } from './joined-room.ts';
import type { RoomChild } from './room-child.ts';

export interface AcquireOptions {
  readonly serverId: string;
  readonly roomName: string;
  readonly ticket: () => Promise<JoinTicket>;
  readonly child: RoomChild;
}

/** One holder's hold of a room that we are in. The room is left when the last holder has released it. */
export interface RoomLink {
  readonly serverId: string;
  readonly roomName: string;
  /** Null until the first join; then the room's own events keep it true. Readers that only look need no release of their own. */
  readonly people: StateCell<readonly Person[] | null>;
  readonly speaking: StateCell<readonly string[]>;
  readonly state: StateCell<LinkState>;
  /** Sound that comes now, by stream id. */
  readonly streams: ReadonlyMap<number, RoomStream>;
  on(listener: (event: RoomEvent) => void): () => void;
  /** Safe to repeat. Resolves when the room was left, or at once where others hold it. */
  release(): Promise<void>;
}

interface Shared {
  readonly room: JoinedRoom;
  holders: number;
}

/** All rooms that we are in, joined once each however many want them. */
export class RoomLinks {
  readonly #shared = new Map<string, Shared>();
  readonly #leaving = new Set<Promise<void>>();
  readonly #clock: Clock;
  readonly #log: Log;
  #isClosed = false;

  constructor(options: { readonly clock: Clock; readonly log: Log }) {
    this.#clock = options.clock;
    this.#log = options.log;
  }

  /** A room whose join has ended for good is joined anew. */
  acquire(options: AcquireOptions): RoomLink {
    if (this.#isClosed) throw new Error('rooms are closed');
    const key = JSON.stringify([options.serverId, options.roomName]);
    let shared = this.#shared.get(key);
    if (!shared || shared.room.state.value.state === 'ended') {
      shared = { room: new JoinedRoom({ ...options, clock: this.#clock, log: this.#log }), holders: 0 };
      this.#shared.set(key, shared);
    }
    return this.#hold(key, shared, options);
  }

  /** The link's view of a room that somebody holds, or null: for who wants to look, not to join. */
  find(serverId: string, roomName: string): Pick<RoomLink, 'people' | 'speaking' | 'state'> | null {
    return this.#shared.get(JSON.stringify([serverId, roomName]))?.room ?? null;
  }

  /** Leaves every room, whoever holds it. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const shared of this.#shared.values()) void this.#leave(shared.room); // awaited below
    this.#shared.clear();
    while (this.#leaving.size > 0) await Promise.all(this.#leaving);
  }

  #hold(key: string, shared: Shared, options: AcquireOptions): RoomLink {
    const { room } = shared;
    shared.holders++;
    const offs = new Set<() => void>();
    let released: Promise<void> | null = null;
    const release = (): Promise<void> => {
      for (const off of offs) off();
      offs.clear();
      shared.holders--;
      if (shared.holders > 0) return Promise.resolve();
      if (this.#shared.get(key) === shared) this.#shared.delete(key);
      return this.#leave(room);
    };
    return {
      serverId: options.serverId,
      roomName: options.roomName,
      people: room.people,
      speaking: room.speaking,
      state: room.state,
      streams: room.streams,
      on: (listener) => {
        const off = room.events.on(listener);
        offs.add(off);
        return () => {
          offs.delete(off);
          off();
        };
      },
      release: () => (released ??= release()),
    };
  }

  #leave(room: JoinedRoom): Promise<void> {
    const leaving = room.close().finally(() => this.#leaving.delete(leaving));
    this.#leaving.add(leaving);
    return leaving;
  }
}
