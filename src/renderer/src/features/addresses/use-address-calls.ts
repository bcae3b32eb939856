import type { AddressKind } from '../../../../shared/model/address.ts';
import { useApi } from '../../api-context.ts';

export interface AddressDraft {
  readonly name: string;
  readonly kind: AddressKind;
  /** Empty: the one that is kept. */
  readonly url: string;
  readonly followsLayout: boolean;
  readonly keep: 'stored' | 'this-run';
}

/** What can be asked of the address book. Each rejects with a ProblemError. */
export function useAddressCalls() {
  const api = useApi();
  return {
    save: async (addressId: string | null, { url, ...draft }: AddressDraft): Promise<void> => {
      await api.run((core) =>
        core.saveAddress({
          ...draft,
          ...(addressId === null ? {} : { addressId }),
          ...(url.trim() === '' ? {} : { url }),
        }),
      );
    },
    remove: async (addressId: string): Promise<void> => {
      await api.run((core) => core.removeAddress({ addressId }));
    },
    /** The whole address goes to the clipboard and is kept nowhere here. */
    copy: async (addressId: string): Promise<void> => {
      const { url } = await api.run((core) => core.copyAddress({ addressId }));
      await navigator.clipboard.writeText(url);
    },
  };
}
