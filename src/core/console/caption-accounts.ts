import type { GladiaAccount } from '../captions/gladia/transport.ts';
import type { ServerBook } from '../settings/server-book.ts';
import type { SettingsStore } from '../settings/settings-store.ts';

/** The transcriber's account of each server. The key is unsealed when captions are asked for, and kept no longer than that. */
export class CaptionAccounts {
  readonly #servers: ServerBook;
  readonly #settings: SettingsStore;
  readonly #prepared = new Map<string, GladiaAccount>();

  constructor(options: { readonly servers: ServerBook; readonly settings: SettingsStore }) {
    this.#servers = options.servers;
    this.#settings = options.settings;
  }

  /** Rejects with a ProblemError where there is no key, or it cannot be unsealed. */
  async prepare(serverId: string): Promise<void> {
    const isRehearsal = this.#servers.find(serverId)?.kind === 'rehearsal';
    this.#prepared.set(serverId, await this.#settings.gladia(isRehearsal));
  }
  /** What was prepared, once. */
  of(serverId: string): GladiaAccount | null {
    const account = this.#prepared.get(serverId) ?? null;
    this.#prepared.delete(serverId);
    return account;
  }
}
