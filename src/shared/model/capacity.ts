import { z } from 'zod';
import { FigureSource, Problem, UnixMs } from './common.ts';

/** Kinds by what egress holds free for them; the names of its settings (`room_composite_cpu_cost`). */
export const CpuKind = z.enum([
  'room-composite',
  'audio-room-composite',
  'web',
  'audio-web',
  'participant',
  'track-composite',
  'track',
]);
export type CpuKind = z.infer<typeof CpuKind>;

/** What an egress worker tells of itself on its Prometheus page; null where the page has no such line. */
export const EgressWorker = z.object({
  /** Nothing runs. */
  isIdle: z.boolean().nullable(),
  /** A job of any kind would be taken. False says only that the most costly one would not. */
  takesAnyKind: z.boolean().nullable(),
  isDisabled: z.boolean(),
  isTerminating: z.boolean(),
  /** Share of all cores that is busy, 0 to 1. */
  cpuLoad: z.number().nullable(),
  /** Share of its sound server that is in use, 0 to 1. */
  pulseRatio: z.number().nullable(),
  running: z.array(z.object({ type: z.string(), count: z.number() })),
});
export type EgressWorker = z.infer<typeof EgressWorker>;

/** Whether the worker would take a job of this kind now; null where its page does not tell. */
export const Acceptance = z.object({
  kind: CpuKind,
  label: z.string(),
  cores: z.number(),
  coresSource: FigureSource,
  /** By whom and when. */
  coresFrom: z.string(),
  accepts: z.boolean().nullable(),
  because: z.string(),
});
export type Acceptance = z.infer<typeof Acceptance>;

/** The page of an egress worker, as it was read last. */
export const EgressPage = z.object({
  url: z.string(),
  state: z.enum(['waiting', 'read', 'trouble']),
  readAtMs: UnixMs.nullable(),
  nextAtMs: UnixMs.nullable(),
  problem: Problem.nullable(),
  worker: EgressWorker.nullable(),
  /** Cores of the worker's computer, where they were declared. */
  cores: z.number().nullable(),
  kinds: z.array(Acceptance),
});
export type EgressPage = z.infer<typeof EgressPage>;
