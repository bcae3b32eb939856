import type { Clock } from '../live/clock.ts';
import { samplesPerMs, type RecordedEvent, type SoundPlacer } from './ports.ts';
import type { Voice } from './voice.ts';

/** How long the slowest source is waited for; what comes later is added to what was written. */
const holdMs = 500;
/** Where no source brings anything for so long, the files go on with silence. */
const silentMs = 2_000;
const maxSources = 1_000;

export interface SoundSource {
  readonly identity: string;
  readonly name: string;
  /** By the clock that never jumps. */
  readonly startedAtMs: number;
  readonly lagMs: number;
  voice: Voice | null;
  placer: SoundPlacer | null;
  /** Behind its last sample; null before the first. */
  next: number | null;
}

/** The sources that a recording hears now, and how far each has come. */
export class SoundSources {
  readonly #sources = new Map<string, SoundSource>();
  #lagMs = 60;

  /** How late the sound of this feed is; of the last source that opened. */
  get lagMs(): number {
    return this.#lagMs;
  }
  get size(): number {
    return this.#sources.size;
  }
  /** Who is heard; a person may have several sources. */
  get identities(): ReadonlySet<string | null> {
    return new Set([...this.#sources.values()].map(({ identity }) => identity));
  }

  open(event: Extract<RecordedEvent, { readonly type: 'sourceOpened' }>, clock: Clock): void {
    if (this.#sources.size >= maxSources) return;
    const { identity, name, lagMs } = event;
    // By its age: the wall clock may be set meanwhile.
    const startedAtMs = clock.monotonicMs() - (clock.nowMs() - event.startedAtMs);
    this.#lagMs = lagMs;
    this.#sources.set(event.sourceId, { identity, name, startedAtMs, lagMs, voice: null, placer: null, next: null });
  }
  find(sourceId: string): SoundSource | undefined {
    return this.#sources.get(sourceId);
  }
  close(sourceId: string): void {
    this.#sources.delete(sourceId);
  }

  /** Up to which sample the files can be written: what the slowest source has brought, or the time that has passed since sample 0. */
  dueAt(passedMs: number): number {
    let least = Infinity;
    let most = -Infinity;
    for (const { next } of this.#sources.values()) {
      if (next === null) continue;
      least = Math.min(least, next);
      most = Math.max(most, next);
    }
    const hold = holdMs * samplesPerMs;
    const heardBy = (passedMs - this.#lagMs) * samplesPerMs;
    const byTime = Math.floor(heardBy - (most === -Infinity ? hold : silentMs * samplesPerMs));
    const bySound = most === -Infinity ? 0 : Math.max(least, most - hold);
    return Math.max(byTime, bySound);
  }
}
