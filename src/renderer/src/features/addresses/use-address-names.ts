import { useStore } from 'zustand';
import type { Address } from '../../../../shared/model/address.ts';
import { addressesStore } from '../../stores/addresses.ts';
import { isSharingScreen, settingsStore } from '../../stores/settings.ts';
import { addressesWords } from '../../text/addresses-messages.ts';

/** How an address is called where others may look on: by its place in the book while the screen is shared. */
export function useAddressNames(): (address: Address) => string {
  const isHidden = useStore(settingsStore, isSharingScreen);
  const addresses = useStore(addressesStore, (state) => state.addresses);
  return (address) => (isHidden ? addressesWords.hiddenName(addresses.indexOf(address) + 1) : address.name);
}
