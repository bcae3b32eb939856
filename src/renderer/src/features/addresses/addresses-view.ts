import { createStore } from 'zustand/vanilla';

/** What the dialog of the address book shows: the list, or the fields of one entry (null: of a new one). */
export type AddressesView =
  { readonly at: 'closed' } | { readonly at: 'list' } | { readonly at: 'form'; readonly addressId: string | null };

export const addressesView = createStore<{ readonly view: AddressesView }>(() => ({ view: { at: 'closed' } }));

const show = (view: AddressesView): void => addressesView.setState({ view });
export const openAddressBook = (): void => show({ at: 'list' });
export const openAddressForm = (addressId: string | null): void => show({ at: 'form', addressId });
export const closeAddressBook = (): void => show({ at: 'closed' });
