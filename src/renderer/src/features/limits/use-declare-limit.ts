import { useApi } from '../../api-context.ts';

/** Declares a limit of a server, or takes the declaration back with null. Rejects with a ProblemError. */
export function useDeclareLimit(): (
  serverId: string,
  id: 'egress' | 'captions',
  limit: number | null,
) => Promise<void> {
  const api = useApi();
  return async (serverId, id, limit) => {
    await api.run((core) => core.declareLimit({ serverId, id, limit }));
  };
}
