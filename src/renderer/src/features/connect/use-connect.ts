import { useRef } from 'react';
import { problemOf } from '../../../../shared/model/problem-error.ts';
import type { ServerCheck } from '../../../../shared/model/server.ts';
import { useApi } from '../../api-context.ts';
import { useTested, type Tested } from '../tested/use-tested.ts';

/** What is typed. An empty secret means the kept one, where the server is known. */
export interface ServerDraft {
  readonly name: string;
  readonly url: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly keep: 'stored' | 'this-run';
}

const secretOf = (draft: ServerDraft): { apiSecret?: string } =>
  draft.apiSecret === '' ? {} : { apiSecret: draft.apiSecret };

/** Tests, saves and removes a server. `serverId` null: a new one. A saved server is then the chosen one. */
export function useConnect(serverId: string | null): Tested<ServerDraft, ServerCheck> {
  const api = useApi();
  const wasTold = useRef(false);
  const known = serverId === null ? {} : { serverId };
  return useTested({
    test: async (draft) => {
      const { url, apiKey } = draft;
      const result = await api.run((core) => core.testServer({ url, apiKey, ...secretOf(draft), ...known }));
      return result.checks;
    },
    save: async (draft) => {
      const { name, url, apiKey, keep } = draft;
      const saved = await api.run((core) => core.saveServer({ name, url, apiKey, keep, ...secretOf(draft), ...known }));
      await api.run((core) => core.chooseServer({ serverId: saved.id }));
    },
    remove: async () => {
      if (serverId === null) return;
      const letsGo = wasTold.current; // the first press tells what runs there; the second one knows it
      try {
        await api.run((core) => core.removeServer({ serverId, letsGo }));
      } catch (error) {
        wasTold.current = problemOf(error).code === 'server-has-jobs';
        throw error;
      }
    },
  });
}
