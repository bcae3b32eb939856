import type { Person, RoomDetail, Sight } from '../../../shared/model/room.ts';
import type { Clock } from '../../live/clock.ts';
import type { Log } from '../../live/log.ts';
import { StateCell } from '../../live/state-cell.ts';
import type { ListedPeople } from '../api.ts';
import { Poller } from './poller.ts';
import { connecting, seen, unseen } from './sight.ts';
import { heard, type RoomEvents, type RoomsApi, type RoomTally } from './sources.ts';

export interface RoomViewOptions {
  readonly serverId: string;
  readonly roomName: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly api: () => Promise<RoomsApi>;
  readonly tallyOf: () => RoomTally;
  readonly eventsOf: () => RoomEvents | null;
  readonly by: () => Sight['by'];
  readonly everyMs: number;
  /** While the room's own events are heard, polling only checks them. */
  readonly everyMsWithEvents: number;
  readonly onLooked: (people: ListedPeople, cameBack: boolean) => void;
}

/** The open room, looked at every second: itself and its people. */
export class RoomView {
  readonly cell: StateCell<RoomDetail>;
  readonly #options: RoomViewOptions;
  readonly #poller: Poller;
  #sight = connecting;
  #exists = true;
  #createdAtMs: number | null = null;
  #known: ListedPeople | undefined;
  #events: RoomEvents | null = null;
  #dropEvents = (): void => {};
  #epoch = 0;
  readers = 0;

  constructor(options: RoomViewOptions) {
    this.#options = options;
    this.#attachEvents();
    this.cell = new StateCell(this.#detail());
    this.#poller = new Poller({
      clock: options.clock,
      log: options.log,
      nextInMs: (tookMs) => (heard(this.#events) ? options.everyMsWithEvents : options.everyMs) - tookMs,
      look: (signal) => this.#look(signal),
      onFailure: (problem, nextTryAtMs) => {
        this.#sight = unseen(this.#sight, problem, nextTryAtMs);
        this.refresh();
      },
    });
  }

  poke(): void {
    this.#poller.poke();
  }
  /** Something beside the server's answers has changed: the tally, or our being in the room. */
  refresh(): void {
    this.#attachEvents();
    this.cell.set(this.#detail());
  }
  /** The server at the address is another one now. */
  reset(): void {
    this.#epoch++;
    this.#sight = connecting;
    this.#known = undefined;
    this.#createdAtMs = null;
    this.#exists = true;
    this.refresh();
    this.poke();
  }
  async close(): Promise<void> {
    this.#dropEvents();
    await this.#poller.close();
  }

  async #look(signal: AbortSignal): Promise<void> {
    const { clock, roomName } = this.#options;
    const beganMs = clock.monotonicMs();
    const epoch = this.#epoch;
    const api = await this.#options.api();
    const [rooms, people] = await Promise.all([
      api.listRooms(signal, [roomName]),
      api.listPeople(roomName, signal, this.#known),
    ]);
    if (epoch !== this.#epoch) return; // that was the other server
    const room = rooms.find((one) => one.name === roomName);
    const cameBack = this.#sight.problem !== undefined;
    this.#exists = room !== undefined;
    if (room) {
      this.#createdAtMs = room.createdAtMs;
      this.#known = people;
    }
    const roundTripMs = Math.round(clock.monotonicMs() - beganMs);
    this.#sight = seen({ asOfMs: clock.nowMs(), roundTripMs, by: this.#options.by() });
    this.refresh();
    if (room) this.#options.onLooked(people, cameBack);
  }

  #attachEvents(): void {
    const events = this.#options.eventsOf();
    if (events === this.#events) return;
    this.#dropEvents();
    this.#events = events;
    const tell = (): void => this.cell.set(this.#detail());
    const offs = events ? [events.people.on(tell), events.state.on(tell)] : [];
    this.#dropEvents = () => {
      for (const off of offs) off();
    };
  }

  #detail(): RoomDetail {
    const { serverId, roomName } = this.#options;
    const told = heard(this.#events);
    const people: readonly Person[] = told ?? this.#known?.people ?? [];
    return {
      serverId,
      name: roomName,
      // What the room itself says is true now, also while the server's API is away.
      sight: told
        ? seen({ asOfMs: this.#options.clock.nowMs(), roundTripMs: this.#sight.roundTripMs, by: 'events' })
        : this.#sight,
      exists: this.#exists || told !== null,
      createdAtMs: this.#createdAtMs,
      people: [...people],
      tally: Object.fromEntries(
        Object.entries(this.#options.tallyOf().people()).map(([identity, all]) => [identity, [...all]]),
      ),
    };
  }
}
