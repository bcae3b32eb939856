import { createStore } from 'zustand/vanilla';
import type { RoomDetail, RoomList } from '../../../shared/model/room.ts';
import { keepSame } from './keep-same.ts';

export type RoomSort = 'name' | 'people' | 'newest';

export interface RoomsState {
  readonly list: RoomList | null;
  /** The room that the window shows. */
  readonly chosenName: string | null;
  readonly detail: RoomDetail | null;
}

export const roomsStore = createStore<RoomsState>(() => ({ list: null, chosenName: null, detail: null }));

/** Shows another room; the feed of it follows by itself. */
export function chooseRoom(name: string | null): void {
  if (roomsStore.getState().chosenName !== name) roomsStore.setState({ chosenName: name, detail: null });
}

/** Takes a new list. Where no room is chosen yet, the one with most people is. */
export function takeRooms(next: RoomList): void {
  const before = roomsStore.getState().list;
  const rooms = keepSame(before?.rooms ?? [], next.rooms, (room) => room.name);
  const list = { ...next, rooms };
  roomsStore.setState({ list });
  if (roomsStore.getState().chosenName !== null) return;
  const first = list.rooms.toSorted((a, b) => b.peopleCount - a.peopleCount || a.name.localeCompare(b.name))[0];
  if (first) chooseRoom(first.name);
}
