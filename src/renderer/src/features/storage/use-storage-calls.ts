import type { StorageStep } from '../../../../shared/model/storage.ts';
import { useApi } from '../../api-context.ts';
import { useTested, type Tested } from '../tested/use-tested.ts';
import { placeOf, secretsOf, type StorageDraft } from './storage-draft.ts';

/** Tests, saves and removes a storage profile. `storageId` null: a new one. */
export function useStorageCalls(storageId: string | null): Tested<StorageDraft, StorageStep> {
  const api = useApi();
  const known = storageId === null ? {} : { storageId };
  const placed = (draft: StorageDraft) => ({ place: placeOf(draft), secrets: secretsOf(draft), ...known });
  return useTested({
    test: async (draft) => (await api.run((core) => core.testStorage(placed(draft)))).steps,
    save: async (draft) => {
      const { name, isBackup, keep } = draft;
      await api.run((core) => core.saveStorage({ name, isBackup, keep, ...placed(draft) }));
    },
    remove: async () => {
      if (storageId !== null) await api.run((core) => core.removeStorage({ storageId }));
    },
  });
}
