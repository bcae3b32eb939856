import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { EgressFigures } from './egress-meter.ts';

/** From 0.1 s (a busy worker answers in 0.04 to 0.2 s) to 30 s (a refusal of a self-hosted server takes 20 to 25 s). */
const startBuckets = [0.1, 0.25, 0.5, 1, 2, 3, 4, 5, 7.5, 10, 20, 30];
/** Files end within 0.3 s, WebSockets within 2.9 s, an upload to a dead storage after 12 to 15 s (measured). */
const stopBuckets = [0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 15, 30, 60];

/** Told from the first moment, so that a rate has something to rise from. */
const kinds = ['room-composite', 'web', 'participant', 'track-composite', 'track', 'template', 'media'];

/** The figures of egress under their fixed names. Labels: the kind, and codes of our catalogue; never a room or a person. */
export function egressMetrics(
  registry: Registry,
  active: () => Iterable<readonly [kind: string, count: number]>,
): EgressFigures {
  const registers = [registry];
  const labelNames = ['kind'] as const;
  const started = new Counter({
    name: 'egress_started_total',
    help: 'Egress that a server has accepted from this console',
    labelNames,
    registers,
  });
  const stopped = new Counter({
    name: 'egress_stopped_total',
    help: 'Egress that this console has seen end, however it ended',
    labelNames,
    registers,
  });
  const errors = new Counter({
    name: 'egress_errors_total',
    help: 'Starts that were refused, and egress that ended badly',
    labelNames: ['kind', 'code'],
    registers,
  });
  new Gauge({
    name: 'egress_active_count',
    help: 'Egress that runs now at the servers of this console, whoever started it',
    labelNames,
    registers,
    collect() {
      this.reset();
      for (const kind of kinds) this.set({ kind }, 0);
      for (const [kind, count] of active()) this.inc({ kind }, count);
    },
  });
  for (const kind of kinds) for (const counter of [started, stopped]) counter.inc({ kind }, 0);
  const startOf = (name: string, what: string): Histogram<'kind'> =>
    new Histogram({
      name,
      help: `Seconds from the call until the server was seen to record: ${what}`,
      labelNames,
      buckets: startBuckets,
      registers,
    });
  const composite = startOf('egress_start_room_composite_duration', 'room composite and template');
  const tracks = startOf('egress_start_track_composite_duration', 'track composite');
  const others = startOf('egress_start_other_duration', 'all other kinds');
  const stop = new Histogram({
    name: 'egress_stop_duration',
    help: 'Seconds from the first call to stop until the end was seen',
    labelNames,
    buckets: stopBuckets,
    registers,
  });
  return {
    started: (kind) => started.inc({ kind }),
    stopped: (kind) => stopped.inc({ kind }),
    failed: (kind, code) => errors.inc({ kind, code }),
    recordedAfter: (kind, seconds) =>
      (kind === 'room-composite' || kind === 'template'
        ? composite
        : kind === 'track-composite'
          ? tracks
          : others
      ).observe({ kind }, seconds),
    stoppedAfter: (kind, seconds) => stop.observe({ kind }, seconds),
  };
}
