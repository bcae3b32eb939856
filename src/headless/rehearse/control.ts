import { z } from 'zod';

const Words = z.array(z.object({ identity: z.string(), word: z.string(), startMs: z.number(), endMs: z.number() }));
const Heard = z.array(z.object({ identity: z.string(), word: z.string(), atMs: z.number() }));
export type SpokenWord = z.infer<typeof Words>[number];
export type HeardWord = z.infer<typeof Heard>[number];

const Decoded = z.object({ words: Heard, rejected: z.number(), durationMs: z.number() });
const Account = z.object({
  spoken: z.number(),
  heard: z.number(),
  missing: z.array(z.string()),
  doubled: z.array(z.string()),
  wrong: z.array(z.string()),
});
export type Account = z.infer<typeof Account>;

/** How long the rehearsal may take to decode a file. */
const limitMs = 60_000;

/** What the rehearsal knows about itself: which words were said, and which of them a sound holds. */
export class RehearsalControl {
  readonly #url: string;
  readonly #token: string;
  constructor(control: { readonly url: string; readonly token: string }) {
    this.#url = control.url;
    this.#token = control.token;
  }

  async spoken(room: string, fromMs: number, toMs: number): Promise<readonly SpokenWord[]> {
    const query = new URLSearchParams({ room, fromMs: String(fromMs), toMs: String(toMs) });
    return z.object({ words: Words }).parse(await this.#ask('GET', `/spoken?${query.toString()}`)).words;
  }
  /** The words of a media file; `atMs` counts from its start. */
  async decode(path: string): Promise<z.infer<typeof Decoded>> {
    return Decoded.parse(await this.#ask('POST', '/decode', { path }));
  }
  /** Compares what was heard (wall clock) with what was said wholly between the two times. */
  async compare(room: string, fromMs: number, toMs: number, words: readonly HeardWord[]): Promise<Account> {
    return Account.parse(await this.#ask('POST', '/compare', { room, fromMs, toMs, words }));
  }
  async drill(id: string): Promise<void> {
    await this.#ask('POST', `/drills/${id}`, {});
  }

  async #ask(method: 'GET' | 'POST', path: string, body?: unknown): Promise<unknown> {
    const answer = await fetch(`${this.#url}${path}`, {
      method,
      headers: { authorization: `Bearer ${this.#token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(limitMs),
    });
    if (!answer.ok)
      throw new Error(`The rehearsal answered ${answer.status} to ${path}: ${(await answer.text()).slice(0, 300)}`);
    return answer.json();
  }
}
