import { createStore } from 'zustand/vanilla';

export type DestinationsDialog =
  | { readonly name: 'add'; readonly jobId: string; readonly replaces: string | null }
  | { readonly name: 'drop'; readonly jobId: string; readonly destinationId: string }
  | { readonly name: 'layout'; readonly jobId: string };

export const destinationsView = createStore<{ readonly dialog: DestinationsDialog | null }>(() => ({ dialog: null }));

export const openDestinations = (dialog: DestinationsDialog): void => destinationsView.setState({ dialog });
export const closeDestinations = (): void => destinationsView.setState({ dialog: null });
