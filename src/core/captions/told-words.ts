import type { Heard } from './gladia/heard.ts';
import { HeardWords } from './gladia/heard-words.ts';

export type ToldEvent =
  /** `id` is the same for the partials of an utterance and its final. Times are session time. */
  | { readonly type: 'heard'; readonly id: string; readonly heard: Heard }
  /** What was shown as a partial turned out to be nothing new, or its final will not come. */
  | { readonly type: 'withdrawn'; readonly id: string };

/** Tells the words of a chain of sessions, each once, and takes back the partials that come to nothing. */
export class ToldWords {
  readonly #tell: (event: ToldEvent) => void;
  readonly #words = new HeardWords();
  /** By session and id: what is shown and not final yet. */
  readonly #partials = new Map<number, Map<string, Heard>>();

  constructor(tell: (event: ToldEvent) => void) {
    this.#tell = tell;
  }

  /** What a session heard. Where another shows its partials, this one tells only what is final. */
  take(session: number, heard: Heard, { isPartialShown }: { readonly isPartialShown: boolean }): void {
    if (!heard.isFinal && !isPartialShown) return;
    const id = `${session}-${heard.channel}-${heard.id}`;
    const partials = this.#partialsOf(session);
    const fresh = this.#words.take(heard, session);
    if (heard.isFinal || !fresh) {
      const wasShown = partials.delete(id);
      if (!fresh && wasShown) this.#tell({ type: 'withdrawn', id });
    } else partials.set(id, fresh);
    if (fresh) this.#tell({ type: 'heard', id, heard: fresh });
    if (heard.isFinal) this.#withdrawBefore(partials, heard);
  }

  /** A session is over: its partials get no final of their own. They are withdrawn where their sound is heard again, else final. */
  settle(session: number, isHeardAgain: boolean): void {
    const partials = this.#partialsOf(session);
    this.#partials.delete(session);
    for (const [id, partial] of partials) {
      const fresh = isHeardAgain ? null : this.#words.take({ ...partial, isFinal: true }, session);
      this.#tell(fresh ? { type: 'heard', id, heard: { ...fresh, isFinal: true } } : { type: 'withdrawn', id });
    }
  }

  /** Utterances of a channel follow each other: the final of a partial that lies under this final was lost on its way. */
  #withdrawBefore(partials: Map<string, Heard>, final: Heard): void {
    for (const [id, partial] of partials) {
      if (partial.channel !== final.channel || partial.startMs >= final.endMs) continue;
      partials.delete(id);
      this.#tell({ type: 'withdrawn', id });
    }
  }

  #partialsOf(session: number): Map<string, Heard> {
    const known = this.#partials.get(session) ?? new Map<string, Heard>();
    this.#partials.set(session, known);
    return known;
  }
}
