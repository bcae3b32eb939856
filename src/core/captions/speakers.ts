import type { CaptionSpeaker } from '../../shared/model/captions.ts';

interface Turn {
  readonly fromMs: number;
  readonly identity: string | null;
}

export interface Speaker {
  readonly identity: string;
  readonly name: string;
}
/** Everybody on one channel. */
const everybody: Speaker = { identity: '', name: 'Room' };

/** Who is in a caption session, in which colour, and who had which channel when. Session time. */
export class Speakers {
  readonly #all = new Map<string, CaptionSpeaker>();
  readonly #turns = new Map<number, Turn[]>();
  readonly #fits: { readonly fromMs: number; readonly isMix: boolean }[] = [];

  list(): CaptionSpeaker[] {
    return [...this.#all.values()];
  }
  nameOf(identity: string): string {
    return this.#all.get(identity)?.name ?? identity;
  }

  /** Somebody is here, in this state. A colour is kept for good. */
  put(identity: string, name: string, state: CaptionSpeaker['state']): void {
    const hue = this.#all.get(identity)?.hue ?? (this.#all.size % 8) + 1;
    this.#all.set(identity, { identity, name, hue, state });
  }
  setState(identity: string, state: CaptionSpeaker['state']): void {
    const speaker = this.#all.get(identity);
    if (speaker) this.#all.set(identity, { ...speaker, state });
  }

  /** From `fromMs` on the channels are held so (null: nobody), or all are mixed. */
  noteChannels(fromMs: number, holders: readonly (string | null)[], fit: 'channels' | 'mix'): void {
    const isMix = fit === 'mix';
    if ((this.#fits.at(-1)?.isMix ?? false) !== isMix) this.#fits.push({ fromMs, isMix });
    if (isMix) return;
    holders.forEach((identity, channel) => {
      const turns = this.#turns.get(channel) ?? [];
      this.#turns.set(channel, turns);
      if (turns.at(-1)?.identity !== identity) turns.push({ fromMs, identity });
    });
  }

  /** Who was on a channel at that time. An empty channel had no words: they belong to whoever had it last before, or next. */
  at(channel: number, sessionMs: number): Speaker {
    if (this.#fits.findLast((fit) => fit.fromMs <= sessionMs)?.isMix) return everybody;
    const turns = this.#turns.get(channel) ?? [];
    const past = turns.findLast((turn) => turn.fromMs <= sessionMs && turn.identity !== null);
    const identity = (past ?? turns.find((turn) => turn.identity !== null))?.identity;
    return identity ? { identity, name: this.nameOf(identity) } : everybody;
  }
}
