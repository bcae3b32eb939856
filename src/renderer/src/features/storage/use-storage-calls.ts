import { useState } from 'react';
import type { Problem } from '../../../../shared/model/common.ts';
import { problemOf } from '../../../../shared/model/problem-error.ts';
import type { StorageStep } from '../../../../shared/model/storage.ts';
import { useApi } from '../../api-context.ts';
import { placeOf, secretsOf, type StorageDraft } from './storage-draft.ts';

export type StorageState =
  | { readonly step: 'typing' }
  | { readonly step: 'testing'; readonly sinceMs: number }
  | { readonly step: 'tested'; readonly steps: readonly StorageStep[]; readonly tookMs: number }
  | { readonly step: 'saving' }
  | { readonly step: 'failed'; readonly problem: Problem };

/** Tests, saves and removes a storage profile. `storageId` null: a new one. */
export function useStorageCalls(storageId: string | null) {
  const api = useApi();
  const [state, setState] = useState<StorageState>({ step: 'typing' });
  const known = storageId === null ? {} : { storageId };
  const fail = (error: unknown): void => setState({ step: 'failed', problem: problemOf(error) });

  const test = async (draft: StorageDraft): Promise<void> => {
    const sinceMs = Date.now();
    setState({ step: 'testing', sinceMs });
    try {
      const { steps } = await api.run((core) =>
        core.testStorage({ place: placeOf(draft), secrets: secretsOf(draft), ...known }),
      );
      setState({ step: 'tested', steps, tookMs: Date.now() - sinceMs });
    } catch (error) {
      fail(error);
    }
  };

  /** Resolves true where it was saved. */
  const save = async (draft: StorageDraft): Promise<boolean> => {
    setState({ step: 'saving' });
    try {
      const { name, isBackup, keep } = draft;
      await api.run((core) =>
        core.saveStorage({ name, isBackup, keep, place: placeOf(draft), secrets: secretsOf(draft), ...known }),
      );
      return true;
    } catch (error) {
      fail(error);
      return false;
    }
  };

  const remove = async (): Promise<boolean> => {
    if (storageId === null) return false;
    try {
      await api.run((core) => core.removeStorage({ storageId }));
      return true;
    } catch (error) {
      fail(error);
      return false;
    }
  };

  /** What was tested is no longer what is typed. */
  const reset = (): void => setState({ step: 'typing' });

  return { state, test, save, remove, reset };
}
