import { z } from 'zod';
import { Storage, StoragePlace, StorageSecrets, StorageTest } from '../model/storage.ts';
import { call, stateFeed } from '../rpc/contract.ts';

const StorageId = z.string().min(1).max(64);

export const storages = {
  /** The storage profiles, in the order of names. */
  storages: stateFeed(z.object({}), z.object({ storages: z.array(Storage) })),
  /** Secrets that are left out stay as they are kept. Refused while a running job uses it, its name and mark excepted. */
  saveStorage: call(
    z.object({
      storageId: StorageId.optional(),
      name: z.string().trim().min(1).max(80),
      isBackup: z.boolean(),
      place: StoragePlace,
      secrets: StorageSecrets,
      keep: z.enum(['stored', 'this-run']),
    }),
    Storage,
  ),
  /** Writes, reads and deletes from this computer, without saving; `storageId` takes the kept secrets where they are left out. */
  testStorage: call(
    z.object({ storageId: StorageId.optional(), place: StoragePlace, secrets: StorageSecrets }),
    StorageTest,
  ),
  /** Refused while a job that runs, a show or a rule uses it. */
  removeStorage: call(z.object({ storageId: StorageId }), z.null()),
};
