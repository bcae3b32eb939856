import { anotherHearing, heardFrom, type Heard } from './heard.ts';
import type { ServerUtterance } from './messages.ts';
import type { Outbox } from './outbox.ts';

interface Said {
  readonly id: string;
  readonly isFinal: boolean;
  readonly utterance: ServerUtterance;
}
interface HearingOptions {
  readonly channels: number;
  readonly outbox: Pick<Outbox, 'map' | 'heard'>;
  readonly onHeard: (heard: Heard) => void;
}

const maxHeld = 200;

/**
 * Brings what one session says onto session time. After a resumed connection it is not known at once which sound the server
 * counts from: what is said of that sound waits until the map of what was sent is anchored.
 */
export class Hearing {
  readonly #options: HearingOptions;
  #held: Said[] = [];

  constructor(options: HearingOptions) {
    this.#options = options;
  }

  take(said: Said): void {
    const { map } = this.#options.outbox;
    if (map.isAnchored || said.utterance.end * 1000 <= map.certainMs) this.#hear(said);
    else if (this.#held.push(said) > maxHeld) this.anchor();
  }

  /** Sound was acknowledged: the server's count is known. */
  acknowledged(): void {
    if (this.#held.length > 0) this.anchor();
  }

  /** Nothing better will be known: what waits is placed as it is known now. */
  anchor(): void {
    const { map } = this.#options.outbox;
    if (!map.isAnchored) map.anchor();
    const held = this.#held;
    this.#held = [];
    for (const said of held) this.#hear(said);
  }

  /** An utterance that was fetched after the end. */
  collected(utterance: ServerUtterance, index: number): Heard {
    const { channels, outbox } = this.#options;
    return anotherHearing(heardFrom(`fetched-${index}`, true, utterance, channels, outbox.map));
  }

  #hear({ id, isFinal, utterance }: Said): void {
    const { channels, outbox, onHeard } = this.#options;
    const heard = heardFrom(id, isFinal, utterance, channels, outbox.map);
    outbox.heard(heard);
    onHeard(heard);
  }
}
