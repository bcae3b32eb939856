import type { GladiaAccount } from '../captions/gladia/transport.ts';
import type { ServerBook } from '../settings/server-book.ts';
import type { SettingsStore } from '../settings/settings-store.ts';

/** The transcriber's account of each server. The key is unsealed when captions are asked for, and kept here no longer than that. */
export class CaptionAccounts {
  readonly #servers: ServerBook;
  readonly #settings: SettingsStore;
  #unsealed: { readonly serverId: string; readonly account: GladiaAccount } | null = null;

  constructor(options: { readonly servers: ServerBook; readonly settings: SettingsStore }) {
    this.#servers = options.servers;
    this.#settings = options.settings;
  }

  /**
   * Does what needs the account of a server, in one turn: others that are asked for at the same time have their own. Rejects
   * with a ProblemError where there is no key, or it cannot be unsealed.
   */
  async use<T>(serverId: string, work: () => T): Promise<T> {
    const isRehearsal = this.#servers.find(serverId)?.kind === 'rehearsal';
    const account = await this.#settings.gladia(isRehearsal);
    this.#unsealed = { serverId, account };
    try {
      return work();
    } finally {
      this.#unsealed = null;
    }
  }
  /** Within `use` of that server; null elsewhere. */
  of(serverId: string): GladiaAccount | null {
    return this.#unsealed?.serverId === serverId ? this.#unsealed.account : null;
  }
}
