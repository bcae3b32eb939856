import { useStore } from 'zustand';
import { isSharingScreen, settingsStore } from '../../stores/settings.ts';
import { addressesStore } from '../../stores/addresses.ts';
import { words } from '../../text/messages.ts';
import type { PickLine } from './room-picks.ts';

/** What an address is for: pages that are recorded, templates, destinations of a stream, sockets for sound. */
export type AddressUse = 'page' | 'template' | 'rtmp' | 'srt' | 'websocket';

/** The addresses that are kept for this use; in screen-share mode by their number in the list. */
export function useAddresses(use: AddressUse): readonly PickLine[] {
  const isHidden = useStore(settingsStore, isSharingScreen);
  const addresses = useStore(addressesStore, (state) => state.addresses);
  return addresses
    .filter((address) => address.kind === use)
    .map(({ id, name, url }, index) => ({
      id,
      label: isHidden ? `${words.common.hidden} ${index + 1}` : name,
      ...(isHidden ? {} : { detail: url }),
    }));
}
