import { useStore } from 'zustand';
import { linkStore } from '../stores/link.ts';
import { roomsStore } from '../stores/rooms.ts';

/** True while Cuedesk itself does not answer this window: nothing that is shown is known to be so still. */
export const useIsCoreAway = (): boolean => useStore(linkStore, (link) => link.state === 'lost');

/** True while what is shown of the server is only what was seen last: it does not answer, or Cuedesk does not. */
export function useIsStale(): boolean {
  const isServerAway = useStore(roomsStore, (state) => state.list?.sight.state === 'stale');
  const isCoreAway = useIsCoreAway();
  return isServerAway || isCoreAway;
}
