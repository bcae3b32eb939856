import { createStore } from 'zustand/vanilla';
import type { DrillId } from '../../../../shared/contract/rehearsal.ts';
import { problemOf } from '../../../../shared/model/problem-error.ts';
import { useApi } from '../../api-context.ts';

/** What the last drill answered, in its own words. */
export const drillStore = createStore<{ readonly text: string | null }>(() => ({ text: null }));

/** Runs a drill of the rehearsal; its answer shows at the fourth step of the first minute. */
export function useRunDrill(): (id: DrillId) => void {
  const api = useApi();
  return (id) => {
    api
      .run((core) => core.runDrill({ id }))
      .then(
        ({ text }) => drillStore.setState({ text }),
        (error: unknown) => drillStore.setState({ text: problemOf(error).text }),
      );
  };
}
