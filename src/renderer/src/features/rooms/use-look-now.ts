import { useApi } from '../../api-context.ts';

/** Asks a server again now, whatever the back-off says. What comes of it shows in the list's own sight. */
export function useLookNow(): (serverId: string) => void {
  const api = useApi();
  return (serverId) => {
    api.run((core) => core.lookNow({ serverId })).catch(() => undefined); // the sight of the server tells the outcome
  };
}
