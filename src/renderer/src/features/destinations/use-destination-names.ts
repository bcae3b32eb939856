import { useStore } from 'zustand';
import type { Job } from '../../../../shared/model/job.ts';
import type { JobDestination } from '../../../../shared/model/job-destination.ts';
import { addressesStore } from '../../stores/addresses.ts';
import { isSharingScreen, settingsStore } from '../../stores/settings.ts';
import { destinationsWords } from '../../text/destinations-messages.ts';
import { entryOf } from './destination-words.ts';

/** How the destinations of a job are called; by their place in it while the screen is shared. */
export function useDestinationNames(job: Job): (destination: JobDestination) => string {
  const isHidden = useStore(settingsStore, isSharingScreen);
  const addresses = useStore(addressesStore, (state) => state.addresses);
  return (destination) =>
    isHidden
      ? destinationsWords.hiddenName(job.destinations.indexOf(destination) + 1)
      : (entryOf(destination, addresses)?.name ?? destination.url);
}
