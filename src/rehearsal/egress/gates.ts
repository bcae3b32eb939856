import { once } from 'node:events';

/** Where an egress can be made to hang: before it becomes ACTIVE, while it runs, and before its end is told. */
export interface Gates {
  /** The next egress that comes there waits, until the gate is opened again. */
  hold(gate: GateName): void;
  /** Lets everybody on who waits there. */
  open(gate: GateName): void;
  isHeld(gate: GateName): boolean;
  /** Passes at once where nothing is held, or when the signal fires. */
  pass(gate: GateName, signal: AbortSignal): Promise<void>;
}
export type GateName = 'starting' | 'running' | 'ending';

export function openGates(): Gates {
  const held = new Map<GateName, AbortController>();
  return {
    hold: (gate) => {
      if (!held.has(gate)) held.set(gate, new AbortController());
    },
    open: (gate) => {
      held.get(gate)?.abort();
      held.delete(gate);
    },
    isHeld: (gate) => held.has(gate),
    pass: async (gate, signal) => {
      const barrier = held.get(gate)?.signal;
      if (!barrier || barrier.aborted || signal.aborted) return;
      await once(AbortSignal.any([barrier, signal]), 'abort');
    },
  };
}
