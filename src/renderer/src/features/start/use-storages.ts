import { useStore } from 'zustand';
import { isSharingScreen, settingsStore } from '../../stores/settings.ts';
import { storagesStore } from '../../stores/storages.ts';
import { words } from '../../text/messages.ts';
import type { PickLine } from './room-picks.ts';

/** The storage profiles; in screen-share mode by their number in the list. */
export function useStorages(): readonly PickLine[] {
  const isHidden = useStore(settingsStore, isSharingScreen);
  const storages = useStore(storagesStore, (state) => state.storages);
  return storages.map(({ id, name, shown }, index) => ({
    id,
    label: isHidden ? `${words.common.hidden} ${index + 1}` : name,
    ...(isHidden ? {} : { detail: shown }),
  }));
}
