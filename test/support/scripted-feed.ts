import type { RecordedEvent, RecordedFeed } from '../../src/core/desk/ports.ts';
import type { Clock } from '../../src/core/live/clock.ts';

/** A source whose sound and clock the test decides. */
export interface ScriptedVoice {
  readonly sourceId: string;
  readonly identity: string;
  readonly name: string;
  /** When its sample 0 is made. */
  readonly startedAtMs: number;
  /** How wrong its clock is; positive: it counts too fast. */
  readonly ppm?: number;
  readonly lagMs?: number;
  /** The sample that it makes at this wall clock time. */
  readonly sampleAt: (atMs: number) => number;
}

/** A feed that makes up its sound: call `run` as time passes, and it tells all blocks that have arrived by now. */
export class ScriptedFeed implements RecordedFeed {
  readonly #clock: Clock;
  /** Tells the clock the very moment of an arrival, where time passes in steps; null: it is over. */
  readonly #arrive: (atMs: number | null) => void;
  readonly #listeners = new Set<(event: RecordedEvent) => void>();
  readonly #voices = new Map<string, Entry>();
  constructor(clock: Clock, arrive: (atMs: number | null) => void = () => {}) {
    this.#clock = clock;
    this.#arrive = arrive;
  }
  get listenerCount(): number {
    return this.#listeners.size;
  }
  on(listener: (event: RecordedEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
  emit(event: RecordedEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
  join(voice: ScriptedVoice): void {
    this.#voices.set(voice.sourceId, { voice, next: 0, isHeld: false, isLate: false, isOpen: false });
  }
  /** What it makes from now on arrives late: when it is no longer held. */
  hold(sourceId: string, isHeld: boolean): void {
    const entry = this.#voices.get(sourceId);
    if (!entry) return;
    entry.isHeld = isHeld;
    if (!isHeld) entry.isLate = true;
  }
  /** Its sound is lost for so long. */
  lose(sourceId: string, ms: number): void {
    const entry = this.#voices.get(sourceId);
    if (entry) entry.next += Math.round(ms / 10) * 480;
  }
  leave(sourceId: string): void {
    this.#voices.delete(sourceId);
    this.emit({ type: 'sourceClosed', sourceId });
  }
  run(): void {
    for (const entry of this.#voices.values()) this.#runOne(entry);
  }
  #runOne(entry: Entry): void {
    const { voice } = entry;
    const { sourceId, identity, name, startedAtMs, ppm = 0, lagMs = 60 } = voice;
    const msPerSample = 1 / (48 * (1 + ppm / 1e6));
    for (;;) {
      const first = entry.next;
      const arrivesMs = startedAtMs + (first + 480) * msPerSample + lagMs;
      if (entry.isHeld || arrivesMs > this.#clock.nowMs()) return;
      if (!entry.isLate) this.#arrive(arrivesMs);
      if (!entry.isOpen) this.emit({ type: 'sourceOpened', sourceId, identity, name, startedAtMs, lagMs });
      entry.isOpen = true;
      const samples = new Int16Array(480);
      for (let index = 0; index < 480; index++)
        samples[index] = voice.sampleAt(startedAtMs + (first + index) * msPerSample);
      entry.next += 480;
      this.emit({ type: 'pcm', sourceId, firstSample: first, samples });
      this.#arrive(null);
      if (arrivesMs + 20 > this.#clock.nowMs()) entry.isLate = false;
    }
  }
}

interface Entry {
  readonly voice: ScriptedVoice;
  next: number;
  isHeld: boolean;
  /** It was held, and what was held comes at once. */
  isLate: boolean;
  isOpen: boolean;
}
