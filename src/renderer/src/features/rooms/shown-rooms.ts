import type { RoomSummary, Tally } from '../../../../shared/model/room.ts';
import type { RoomSort } from '../../stores/rooms.ts';

const byName = (a: RoomSummary, b: RoomSummary): number => a.name.localeCompare(b.name, undefined, { numeric: true });
const orders: Record<RoomSort, (a: RoomSummary, b: RoomSummary) => number> = {
  name: byName,
  people: (a, b) => b.peopleCount - a.peopleCount || byName(a, b),
  newest: (a, b) => b.createdAtMs - a.createdAtMs || byName(a, b),
};

/** The rooms that the list shows: those with people first, then the empty ones; each group in the asked order. */
export function shownRooms(
  rooms: readonly RoomSummary[],
  query: string,
  sort: RoomSort,
): { readonly live: readonly RoomSummary[]; readonly empty: readonly RoomSummary[] } {
  const wanted = query.trim().toLocaleLowerCase();
  const found = rooms.filter((room) => room.name.toLocaleLowerCase().includes(wanted)).toSorted(orders[sort]);
  return {
    live: found.filter((room) => room.peopleCount > 0),
    empty: found.filter((room) => room.peopleCount === 0),
  };
}

const weight: readonly Tally[] = ['REC', 'LIVE', 'DESK', 'CAP'];

/** The one tally that a row has room for: the weightiest. */
export const firstTally = (tally: readonly Tally[]): Tally | null =>
  weight.find((word) => tally.includes(word)) ?? null;
