import type { Person, RoomDetail, RoomList, Sight } from '../../../shared/model/room.ts';
import type { Clock } from '../../live/clock.ts';
import type { Log } from '../../live/log.ts';
import type { StateCell } from '../../live/state-cell.ts';
import { RoomWatcher } from './room-watcher.ts';
import type { RoomEvents, RoomsApi, RoomTally } from './sources.ts';

export interface RoomWatchersOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** Rejects with a ProblemError for a server that is not known or whose secret cannot be had. */
  readonly apiOf: (serverId: string) => Promise<RoomsApi>;
  readonly tallyOf: (serverId: string, roomName: string) => RoomTally;
  readonly eventsOf: (serverId: string, roomName: string) => RoomEvents | null;
  /** How often a server may be asked; Infinity for one's own. */
  readonly requestsPerMinuteOf: (serverId: string) => number;
}

/** The rooms of every server that somebody has looked at. */
export class RoomWatchers {
  readonly #options: RoomWatchersOptions;
  readonly #all = new Map<string, RoomWatcher>();
  #isClosed = false;
  constructor(options: RoomWatchersOptions) {
    this.#options = options;
  }

  /** The list of a server's rooms; watching begins with the first call. */
  rooms(serverId: string): StateCell<RoomList> {
    const watcher = this.#watcher(serverId);
    watcher.wake();
    return watcher.rooms;
  }
  /** The open room: looked at every second while it is read. Ends quietly on the signal. */
  room(serverId: string, roomName: string, signal: AbortSignal): AsyncIterable<RoomDetail> {
    return this.#watcher(serverId).read(roomName, signal);
  }
  /** The people of a room as last seen; null where it is not known. */
  people(serverId: string, roomName: string): readonly Person[] | null {
    return this.#all.get(serverId)?.people(roomName) ?? null;
  }
  /** How well a server is seen, without looking for it; null where nobody has looked yet. */
  sight(serverId: string): Sight | null {
    return this.#all.get(serverId)?.rooms.value.sight ?? null;
  }
  /** Looks at everything of a server again now, whatever the back-off says; harmless where nobody looks at it. */
  lookNow(serverId: string): void {
    this.#all.get(serverId)?.lookNow();
  }
  /** A webhook came: a reason to look now and nothing more. `roomName: null`: somewhere on this server. */
  hint(hint: { readonly serverId: string; readonly roomName: string | null }): void {
    this.#all.get(hint.serverId)?.hint(hint.roomName);
  }
  /** The tally of a server has changed, or we have come into one of its rooms or left it. */
  refresh(serverId: string): void {
    this.#all.get(serverId)?.refresh();
  }
  /** The address or the key of a server has changed: its readers stay, and see the other one. */
  reset(serverId: string): void {
    this.#all.get(serverId)?.reset();
  }
  /** The server was removed. */
  async forget(serverId: string): Promise<void> {
    const watcher = this.#all.get(serverId);
    this.#all.delete(serverId);
    await watcher?.close();
  }
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(Array.from(this.#all.keys(), (serverId) => this.forget(serverId)));
  }

  #watcher(serverId: string): RoomWatcher {
    const known = this.#all.get(serverId);
    if (known) return known;
    if (this.#isClosed) throw new Error('the rooms are closed');
    const { clock, log, apiOf, tallyOf, eventsOf, requestsPerMinuteOf } = this.#options;
    const watcher = new RoomWatcher({
      serverId,
      clock,
      log,
      api: () => apiOf(serverId),
      tallyOf: (roomName) => tallyOf(serverId, roomName),
      eventsOf: (roomName) => eventsOf(serverId, roomName),
      maxRequestsPerMinute: requestsPerMinuteOf(serverId),
    });
    this.#all.set(serverId, watcher);
    return watcher;
  }
}
