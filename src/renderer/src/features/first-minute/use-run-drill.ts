import { createStore } from 'zustand/vanilla';
import type { DrillId } from '../../../../shared/contract/rehearsal.ts';
import { problemOf } from '../../../../shared/model/problem-error.ts';
import { useApi } from '../../api-context.ts';
import { rehearsalStore } from '../../stores/rehearsal.ts';

interface LastDrill {
  readonly id: DrillId | null;
  /** Why the last one could not be run. */
  readonly text: string | null;
  /** What the last one should show, for as long as the window is open. */
  readonly ran: string | null;
}

/** The last drill. What it answered itself is of its inside; what the producer should see of it is what counts here. */
export const drillStore = createStore<LastDrill>(() => ({ id: null, text: null, ran: null }));

/** Runs a drill of the rehearsal; its answer shows at the third step of the first minute. */
export function useRunDrill(): (id: DrillId) => void {
  const api = useApi();
  return (id) => {
    const drill = rehearsalStore.getState().drills.find((each) => each.id === id);
    const ran = drill === undefined || drill.isArmed ? null : drill.expect; // once more disarms it
    api
      .run((core) => core.runDrill({ id }))
      .then(
        () => drillStore.setState({ id, text: null, ran }),
        (error: unknown) => drillStore.setState({ id, text: problemOf(error).text, ran: null }),
      );
  };
}
