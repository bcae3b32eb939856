import type { CaptionBusPort, FeedEvent } from './ports.ts';
import type { Speakers } from './speakers.ts';

interface FeedIntakeOptions {
  readonly bus: CaptionBusPort;
  readonly speakers: Speakers;
  readonly onPeople: () => void;
  /** A closed hole in somebody's sound (null: nobody knows whose). Session time. */
  readonly onGap: (identity: string | null, startMs: number, endMs: number, cause: string) => void;
}
type SourceEvent = Exclude<FeedEvent, { readonly type: 'state' }>;

/** Leads the sound of a feed into the bus, and keeps who is there. A person may have several sources, one after the other or at once. */
export class FeedIntake {
  readonly #options: FeedIntakeOptions;
  readonly #sources = new Map<string, string>();
  constructor(options: FeedIntakeOptions) {
    this.#options = options;
  }

  get hasSources(): boolean {
    return this.#sources.size > 0;
  }

  take(event: SourceEvent): void {
    const { bus, speakers, onPeople, onGap } = this.#options;
    switch (event.type) {
      case 'pcm':
        bus.push(event.sourceId, event.firstSample, event.samples);
        break;
      case 'sourceOpened':
        this.#sources.set(event.sourceId, event.identity);
        speakers.put(event.identity, event.name || event.identity, 'live');
        bus.open(event);
        onPeople();
        break;
      case 'gap': {
        const zeroMs = bus.startedAtMs;
        onGap(this.#sources.get(event.sourceId) ?? null, event.fromMs - zeroMs, event.toMs - zeroMs, event.cause);
        break;
      }
      case 'sourceClosed':
        this.#closed(event.sourceId, event.reason);
        break;
      case 'muted':
        break; // silence comes as sound
    }
  }

  #closed(sourceId: string, reason: 'left' | 'unpublished' | 'died' | 'stopped'): void {
    const { bus, speakers, onPeople } = this.#options;
    const identity = this.#sources.get(sourceId);
    if (identity === undefined) return;
    this.#sources.delete(sourceId);
    bus.closeSource(sourceId);
    if ([...this.#sources.values()].includes(identity)) return;
    speakers.setState(identity, reason === 'died' ? 'gap' : 'left');
    if (reason !== 'left') return; // comes back to the same channel
    bus.release(identity);
    onPeople();
  }
}
