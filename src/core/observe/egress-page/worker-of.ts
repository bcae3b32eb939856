import type { EgressWorker } from '../../../shared/model/capacity.ts';
import type { Sample } from './prometheus-text.ts';

/** Names as egress 1.14.1 writes them (measured); a line that is missing is not known. */
export const egressPrefixes = ['livekit_egress_', 'livekit_load_ratio', 'livekit_node_cpu_load'] as const;

/** What the page says of its worker; null where it is no page of egress. */
export function workerOf(samples: readonly Sample[]): EgressWorker | null {
  const of = (name: string, labels: Readonly<Record<string, string>> = {}): number | null => {
    const found = samples.find(
      (sample) =>
        sample.name === name &&
        Number.isFinite(sample.value) &&
        Object.entries(labels).every(([key, value]) => sample.labels[key] === value),
    );
    return found ? found.value : null;
  };
  const flag = (name: string): boolean | null => {
    const value = of(name);
    return value === null ? null : value > 0;
  };
  const takesAnyKind = flag('livekit_egress_can_accept_request');
  const isIdle = flag('livekit_egress_available');
  if (takesAnyKind === null && isIdle === null) return null;
  return {
    isIdle,
    takesAnyKind,
    isDisabled: flag('livekit_egress_is_disabled') ?? false,
    isTerminating: flag('livekit_egress_is_terminating') ?? false,
    cpuLoad: share(of('livekit_node_cpu_load', { node_type: 'EGRESS' })),
    pulseRatio: share(of('livekit_load_ratio', { type: 'pulse' })),
    running: samples
      .filter((sample) => sample.name === 'livekit_egress_requests' && sample.value > 0)
      .map((sample) => ({ type: sample.labels['type'] ?? '', count: sample.value })),
  };
}

const share = (value: number | null): number | null => (value === null ? null : Math.max(0, Math.min(1, value)));
