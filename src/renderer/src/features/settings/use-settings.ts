import type { z } from 'zod';
import { useApi } from '../../api-context.ts';
import type { contract } from '../../../../shared/contract/index.ts';

export type SettingsChange = z.input<typeof contract.changeSettings.params>;

/** Changes settings; what is kept comes back with the settings' own feed. Rejects with a ProblemError. */
export function useChangeSettings(): (change: SettingsChange) => Promise<void> {
  const api = useApi();
  return async (change) => {
    await api.run((core) => core.changeSettings(change));
  };
}

/** Keeps a Gladia key. Rejects with a ProblemError. */
export function useSaveGladiaKey(): (
  key: string,
  region: 'eu-west' | 'us-west',
  keep: 'stored' | 'this-run',
) => Promise<void> {
  const api = useApi();
  return async (key, region, keep) => {
    await api.run((core) => core.saveGladiaKey({ key, region, keep }));
  };
}
