import { z } from 'zod';
import type { Log } from '../live/log.ts';

/** Where the measurements lie between two runs: the journal's single values. */
export interface StartTimesStore {
  get(key: string): string | null;
  set(key: string, value: string): void;
}
export interface MedianStart {
  readonly medianMs: number;
  readonly count: number;
}

/** Older ones say nothing of the server as it is today. */
const keptCount = 20;
const Kept = z.record(z.string().max(40), z.array(z.number().nonnegative()).max(keptCount));

/** How long starts really took, by server and way of recording: the newest twenty of each. */
export class StartTimes {
  readonly #store: StartTimesStore;
  readonly #log: Log;
  readonly #known = new Map<string, z.infer<typeof Kept>>();
  constructor(store: StartTimesStore, log: Log) {
    this.#store = store;
    this.#log = log;
  }

  add(serverId: string, way: string, tookMs: number): void {
    if (!(tookMs >= 0)) return;
    const kept = this.#of(serverId);
    const next = { ...kept, [way]: [...(kept[way] ?? []), Math.round(tookMs)].slice(-keptCount) };
    this.#known.set(serverId, next);
    try {
      this.#store.set(keyOf(serverId), JSON.stringify(next));
    } catch (error) {
      this.#log.error('A measured start was not kept', { serverId }, error); // a figure less is no reason to stop a job
    }
  }
  /** By way. */
  medians(serverId: string): Readonly<Record<string, MedianStart>> {
    const ways = Object.entries(this.#of(serverId)).filter(([, took]) => took.length > 0);
    return Object.fromEntries(ways.map(([way, took]) => [way, { medianMs: median(took), count: took.length }]));
  }

  #of(serverId: string): z.infer<typeof Kept> {
    const known = this.#known.get(serverId) ?? read(this.#store.get(keyOf(serverId)));
    this.#known.set(serverId, known);
    return known;
  }
}

const keyOf = (serverId: string): string => `starts:${serverId}`;

function read(text: string | null): z.infer<typeof Kept> {
  if (text === null) return {};
  try {
    return Kept.safeParse(JSON.parse(text)).data ?? {};
  } catch {
    return {}; // no JSON: measured anew
  }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : Math.round(((sorted[middle - 1] ?? upper) + upper) / 2);
}
