/** `channels`: each speaker is heard on a channel alone. `mix`: all on channel 0. */
export type CaptionFit = 'channels' | 'mix';

/**
 * Who speaks on which channel. A speaker keeps a channel until released; those who find none free wait, and as long as
 * somebody waits all are mixed, so that nobody goes unheard.
 */
export class ChannelMap {
  readonly #holders: (string | null)[];
  readonly #waiting: string[] = [];
  readonly #onFit: (fit: CaptionFit) => void;

  constructor(channels: number, onFit: (fit: CaptionFit) => void) {
    this.#holders = Array.from({ length: channels }, () => null);
    this.#onFit = onFit;
  }

  get fit(): CaptionFit {
    return this.#waiting.length > 0 ? 'mix' : 'channels';
  }

  assign(identity: string): void {
    if (this.#holders.includes(identity) || this.#waiting.includes(identity)) return;
    const free = this.#holders.indexOf(null);
    if (free >= 0) this.#holders[free] = identity;
    else if (this.#waiting.push(identity) === 1) this.#onFit('mix');
  }

  release(identity: string): void {
    const waiting = this.#waiting.indexOf(identity);
    const held = this.#holders.indexOf(identity);
    if (waiting >= 0) this.#waiting.splice(waiting, 1);
    else if (held >= 0) this.#holders[held] = this.#waiting.shift() ?? null;
    else return;
    if ((waiting >= 0 || this.#holders[held] !== null) && this.#waiting.length === 0) this.#onFit('channels');
  }

  /** The channel to be heard on; 0 for everybody while all are mixed. */
  of(identity: string): number {
    return this.fit === 'mix' ? 0 : Math.max(0, this.#holders.indexOf(identity));
  }

  speakerOf(channel: number): string | null {
    return this.fit === 'mix' ? null : (this.#holders[channel] ?? null);
  }
}
