import type { Person, RoomDetail, RoomList, RoomSummary } from '../../../shared/model/room.ts';
import type { Clock } from '../../live/clock.ts';
import type { Log } from '../../live/log.ts';
import { StateCell } from '../../live/state-cell.ts';
import type { ListedPeople } from '../api.ts';
import type { ListedRoom } from '../room-info.ts';
import { Poller } from './poller.ts';
import { RoomView } from './room-view.ts';
import { connecting, seen, unseen } from './sight.ts';
import { forEachBounded, heard, type RoomEvents, type RoomsApi, type RoomTally } from './sources.ts';

export interface RoomWatcherOptions {
  readonly serverId: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Asked anew at each look, so that changed credentials count at once. */
  readonly api: () => Promise<RoomsApi>;
  readonly tallyOf: (roomName: string) => RoomTally;
  /** Null where we are not in the room. */
  readonly eventsOf: (roomName: string) => RoomEvents | null;
  /** Cloud allows 1,000 requests a minute in all; then the people of many rooms are looked at in turn. */
  readonly maxRequestsPerMinute: number;
}

/** A change elsewhere is seen within 5 s: a round each 3 s leaves 2 s for a slow one. */
const everyMs = 3_000;
/** Nobody looks: enough to find the rooms when somebody does. */
const everyMsUnread = 15_000;
const openEveryMs = 1_000;
/** A round over 50 rooms took 55 to 68 ms in parallel, 98 ms in turn (measured): a few at once do. */
const parallelLooks = 8;
/** A webhook within this time counts as "hints arrive". */
const hintsLastMs = 600_000;

interface Seen {
  readonly room: ListedRoom;
  people: ListedPeople | undefined;
  lookedAtMs: number;
}

/** The rooms of one server: all of them by rounds, the open ones by views of their own. */
export class RoomWatcher {
  readonly rooms: StateCell<RoomList>;
  readonly #options: RoomWatcherOptions;
  readonly #poller: Poller;
  readonly #seen = new Map<string, Seen>();
  readonly #views = new Map<string, RoomView>();
  readonly #hinted = new Set<string>();
  #sight = connecting;
  #summaries: RoomSummary[] = [];
  #summariesText = '[]';
  #nextRoundMs = 0;
  #epoch = 0;
  #lastHintMs = -Infinity;

  constructor(options: RoomWatcherOptions) {
    this.#options = options;
    this.rooms = new StateCell<RoomList>({ serverId: options.serverId, sight: connecting, rooms: [] });
    this.#poller = new Poller({
      clock: options.clock,
      log: options.log,
      nextInMs: () => this.#nextRoundMs - options.clock.monotonicMs(),
      look: (signal) => this.#look(signal),
      onFailure: (problem, nextTryAtMs) => {
        if (this.#sight.triesSoFar === 0)
          options.log.warn('A server is away', { serverId: options.serverId, code: problem.code });
        this.#nextRoundMs = 0;
        this.#sight = unseen(this.#sight, problem, nextTryAtMs);
        this.#publish();
      },
    });
  }

  /** A whole round now. */
  lookNow(): void {
    this.#nextRoundMs = 0;
    this.#poller.poke();
    for (const view of this.#views.values()) view.poke();
  }
  /** A round now where the last one is old: nobody looked, and somebody begins to. */
  wake(): void {
    if (this.#options.clock.nowMs() - (this.#sight.asOfMs ?? 0) > everyMs) this.lookNow();
  }
  /** A webhook came: only a reason to look now. */
  hint(roomName: string | null): void {
    this.#lastHintMs = this.#options.clock.nowMs();
    if (roomName === null) this.#nextRoundMs = 0;
    else this.#hinted.add(roomName);
    this.#poller.poke();
    if (roomName !== null) this.#views.get(roomName)?.poke();
  }
  /** The tally has changed, or we have come into a room or left it. */
  refresh(): void {
    this.#publish();
    for (const view of this.#views.values()) view.refresh();
  }
  /** The address or the key has changed: nothing that was seen counts. */
  reset(): void {
    this.#epoch++;
    this.#seen.clear();
    this.#sight = connecting;
    this.#publish();
    for (const view of this.#views.values()) view.reset();
    this.lookNow();
  }
  /** The people of a room as last seen; null where it is not known. */
  people(roomName: string): readonly Person[] | null {
    return heard(this.#options.eventsOf(roomName)) ?? this.#seen.get(roomName)?.people?.people ?? null;
  }

  /** Opens a room for as long as it is read. */
  async *read(roomName: string, signal: AbortSignal): AsyncGenerator<RoomDetail> {
    const view = this.#views.get(roomName) ?? this.#open(roomName);
    view.readers++;
    try {
      yield* view.cell.read(signal);
    } finally {
      if (--view.readers === 0) {
        this.#views.delete(roomName);
        await view.close();
      }
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.#poller.close(), ...Array.from(this.#views.values(), (view) => view.close())]);
  }

  #open(roomName: string): RoomView {
    const { serverId, clock, log, api, tallyOf, eventsOf } = this.#options;
    const view = new RoomView({
      serverId,
      roomName,
      clock,
      log,
      api,
      tallyOf: () => tallyOf(roomName),
      eventsOf: () => eventsOf(roomName),
      by: () => this.#by(),
      everyMs: openEveryMs,
      everyMsWithEvents: everyMs,
      onLooked: (people, cameBack) => {
        if (cameBack) this.lookNow();
        const known = this.#seen.get(roomName);
        if (!known || known.people === people) return;
        known.people = people;
        this.#publish();
      },
    });
    this.#views.set(roomName, view);
    return view;
  }

  async #look(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    const beganMs = clock.monotonicMs();
    const epoch = this.#epoch;
    const isRound = beganMs >= this.#nextRoundMs;
    if (isRound) this.#nextRoundMs = beganMs + this.#everyMs();
    const hinted = Array.from(this.#hinted);
    this.#hinted.clear();
    const api = await this.#options.api();
    const rooms = await api.listRooms(signal);
    if (epoch !== this.#epoch) return; // that was the other server
    const roundTripMs = Math.round(clock.monotonicMs() - beganMs);
    this.#takeRooms(rooms);
    const due = isRound
      ? this.#dueRooms()
      : Array.from(new Set([...hinted, ...this.#neverSeen()])).filter((name) => this.#seen.has(name));
    await forEachBounded(due, parallelLooks, async (name) => {
      const known = this.#seen.get(name);
      const people = await api.listPeople(name, signal, known?.people);
      const entry = this.#seen.get(name);
      if (entry && epoch === this.#epoch) Object.assign(entry, { people, lookedAtMs: beganMs });
    });
    if (epoch !== this.#epoch) return;
    const cameBack = this.#sight.problem !== undefined;
    this.#sight = seen({ asOfMs: clock.nowMs(), roundTripMs, by: this.#by() });
    this.#publish();
    if (cameBack) {
      this.#options.log.info('A server is back', { serverId: this.#options.serverId });
      for (const view of this.#views.values()) view.poke();
    }
  }

  #takeRooms(rooms: readonly ListedRoom[]): void {
    const before = new Map(this.#seen);
    this.#seen.clear();
    for (const room of rooms) {
      const known = before.get(room.name);
      const isSame = known?.room.sid === room.sid;
      this.#seen.set(room.name, {
        room,
        people: isSame ? known.people : undefined,
        lookedAtMs: isSame ? known.lookedAtMs : -Infinity,
      });
    }
  }
  /** All rooms, or the longest unseen ones where the server may not be asked so often. */
  #dueRooms(): readonly string[] {
    const perRound = Math.max(
      4,
      Math.floor((this.#options.maxRequestsPerMinute * everyMs) / 60_000) - 1 - this.#views.size * 6,
    );
    const names = Array.from(this.#seen.keys());
    if (names.length <= perRound) return names;
    const age = (name: string): number => this.#seen.get(name)?.lookedAtMs ?? 0;
    return names.toSorted((a, b) => age(a) - age(b)).slice(0, perRound);
  }
  #neverSeen(): readonly string[] {
    return Array.from(this.#seen)
      .flatMap(([name, entry]) => (entry.people ? [] : [name]))
      .slice(0, 50);
  }

  #publish(): void {
    const next = Array.from(this.#seen.values(), (entry) => this.#summary(entry));
    const text = JSON.stringify(next);
    if (text !== this.#summariesText) this.#summaries = next;
    this.#summariesText = text;
    this.rooms.set({ serverId: this.#options.serverId, sight: this.#sight, rooms: this.#summaries });
  }
  #summary({ room, people }: Seen): RoomSummary {
    const told = heard(this.#options.eventsOf(room.name));
    return {
      name: room.name,
      sid: room.sid,
      createdAtMs: room.createdAtMs,
      peopleCount: (told ?? people?.people)?.length ?? room.laggingCount,
      tally: [...this.#options.tallyOf(room.name).room],
    };
  }
  #everyMs(): number {
    return this.rooms.readers > 0 || this.#views.size > 0 ? everyMs : everyMsUnread;
  }
  #by(): 'webhooks' | 'polling' {
    return this.#options.clock.nowMs() - this.#lastHintMs < hintsLastMs ? 'webhooks' : 'polling';
  }
}
