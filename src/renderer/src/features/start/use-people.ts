import { useStore } from 'zustand';
import type { Person } from '../../../../shared/model/room.ts';
import { roomsStore } from '../../stores/rooms.ts';

const noPeople: readonly Person[] = [];

/** The people of the chosen room now, with their tracks. */
export const usePeople = (): readonly Person[] => useStore(roomsStore, (state) => state.detail?.people ?? noPeople);
