import type { Person, Tally } from '../../../shared/model/room.ts';
import type { ListedPeople } from '../api.ts';
import type { ListedRoom } from '../room-info.ts';

/** The two questions that seeing rooms needs. */
export interface RoomsApi {
  listRooms(signal?: AbortSignal, names?: readonly string[]): Promise<readonly ListedRoom[]>;
  listPeople(roomName: string, signal?: AbortSignal, known?: ListedPeople): Promise<ListedPeople>;
}

/** What holds a room and its people (by identity) now. */
export interface RoomTally {
  readonly room: readonly Tally[];
  /** By identity; worked out when it is asked for. */
  readonly people: () => Readonly<Record<string, readonly Tally[]>>;
}

interface Readable<T> {
  readonly value: T;
  on(listener: (value: T) => void): () => void;
}
/** A room that we are in, as its own events tell of it. They win over polling while the link is live. */
export interface RoomEvents {
  readonly people: Readable<readonly Person[] | null>;
  readonly state: Readable<{ readonly state: string }>;
}
/** What the room itself says; null where it says nothing now. */
export const heard = (events: RoomEvents | null): readonly Person[] | null =>
  events?.state.value.state === 'live' ? events.people.value : null;

/** Runs `work` for each item, at most `limit` at once. The first failure ends it. */
export async function forEachBounded<T>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  let next = 0;
  const runner = async (): Promise<void> => {
    while (next < items.length) await work(items[next++] as T); // next was below the length
  };
  try {
    await Promise.all(Array.from({ length: Math.min(limit, items.length) }, runner));
  } finally {
    next = items.length;
  }
}
