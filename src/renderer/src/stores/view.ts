import { createStore } from 'zustand/vanilla';

/** The dialogs of the frame. A feature with a dialog of its own keeps it in its own folder. */
export type OpenDialog =
  | { readonly name: 'connect'; readonly serverId?: string }
  | { readonly name: 'settings' }
  | { readonly name: 'limits' }
  | { readonly name: 'incidents' }
  | { readonly name: 'shows' }
  | { readonly name: 'show'; readonly showId: string }
  | { readonly name: 'storages' }
  | { readonly name: 'storage'; readonly storageId?: string }
  | { readonly name: 'support' }
  | { readonly name: 'keys' }
  | { readonly name: 'palette' }
  | { readonly name: 'player'; readonly jobId: string; readonly fileId: string; readonly fileName: string };

export const viewStore = createStore<{ readonly dialog: OpenDialog | null }>(() => ({ dialog: null }));

export const openDialog = (dialog: OpenDialog): void => viewStore.setState({ dialog });
export const closeDialog = (): void => viewStore.setState({ dialog: null });
