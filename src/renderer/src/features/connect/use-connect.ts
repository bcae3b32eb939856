import { useState } from 'react';
import type { Problem } from '../../../../shared/model/common.ts';
import { problemOf } from '../../../../shared/model/problem-error.ts';
import type { ServerCheck } from '../../../../shared/model/server.ts';
import { useApi } from '../../api-context.ts';

/** What is typed. An empty secret means the kept one, where the server is known. */
export interface ServerDraft {
  readonly name: string;
  readonly url: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly keep: 'stored' | 'this-run';
}

export type ConnectState =
  | { readonly step: 'typing' }
  | { readonly step: 'testing'; readonly sinceMs: number }
  | { readonly step: 'tested'; readonly checks: readonly ServerCheck[]; readonly tookMs: number }
  | { readonly step: 'saving' }
  | { readonly step: 'failed'; readonly problem: Problem };

const secretOf = (draft: ServerDraft): { apiSecret?: string } =>
  draft.apiSecret === '' ? {} : { apiSecret: draft.apiSecret };

/** Tests, saves and removes a server. `serverId` null: a new one. */
export function useConnect(serverId: string | null) {
  const api = useApi();
  const [state, setState] = useState<ConnectState>({ step: 'typing' });
  const known = serverId === null ? {} : { serverId };
  const fail = (error: unknown): void => setState({ step: 'failed', problem: problemOf(error) });

  const test = async (draft: ServerDraft): Promise<void> => {
    const startedAtMs = Date.now();
    setState({ step: 'testing', sinceMs: startedAtMs });
    try {
      const { url, apiKey } = draft;
      const result = await api.run((core) => core.testServer({ url, apiKey, ...secretOf(draft), ...known }));
      setState({ step: 'tested', checks: result.checks, tookMs: Date.now() - startedAtMs });
    } catch (error) {
      fail(error);
    }
  };

  /** Resolves true where it was saved; the saved server is then the chosen one. */
  const save = async (draft: ServerDraft): Promise<boolean> => {
    setState({ step: 'saving' });
    try {
      const { name, url, apiKey, keep } = draft;
      const saved = await api.run((core) => core.saveServer({ name, url, apiKey, keep, ...secretOf(draft), ...known }));
      await api.run((core) => core.chooseServer({ serverId: saved.id }));
      return true;
    } catch (error) {
      fail(error);
      return false;
    }
  };

  const remove = async (): Promise<boolean> => {
    if (serverId === null) return false;
    try {
      await api.run((core) => core.removeServer({ serverId }));
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
