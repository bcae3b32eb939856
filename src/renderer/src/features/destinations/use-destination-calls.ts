import { useApi } from '../../api-context.ts';

/** What can be asked of the destinations of a job. Each rejects with a ProblemError. */
export function useDestinationCalls(jobId: string) {
  const api = useApi();
  return {
    add: async (addressId: string, replaces: string | null): Promise<void> => {
      await api.run((core) =>
        replaces === null
          ? core.addDestination({ jobId, addressId })
          : core.replaceDestination({ jobId, destinationId: replaces, addressId }),
      );
    },
    drop: async (destinationId: string): Promise<void> => {
      await api.run((core) => core.dropDestination({ jobId, destinationId }));
    },
    retry: async (destinationId: string): Promise<void> => {
      await api.run((core) => core.retryDestination({ jobId, destinationId }));
    },
    changeLayout: async (layout: string): Promise<void> => {
      await api.run((core) => core.changeLayout({ jobId, layout }));
    },
  };
}
