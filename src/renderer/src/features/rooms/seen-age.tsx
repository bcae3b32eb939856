import type { RoomList } from '../../../../shared/model/room.ts';
import { words } from '../../text/messages.ts';
import { useNow } from '../../ui/use-now.ts';

/** How many people there are, or how old that knowledge is. */
export function SeenAge({ list }: { readonly list: RoomList | null }) {
  const nowMs = useNow();
  if (list === null) return <span className="push" />;
  if (list.sight.state === 'stale' && list.sight.asOfMs !== null)
    return <span className="push note warn">{words.rooms.old(nowMs - list.sight.asOfMs)}</span>;
  const people = list.rooms.reduce((sum, room) => sum + room.peopleCount, 0);
  return <span className="push note">{words.rooms.people(people)}</span>;
}
