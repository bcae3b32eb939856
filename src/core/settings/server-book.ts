import { randomUUID } from 'node:crypto';
import { ProblemError } from '../../shared/model/problem-error.ts';
import type { Protection, Server, ServerKind } from '../../shared/model/server.ts';
import type { RehearsalConnection } from '../host-services.ts';
import { Listeners } from '../live/listeners.ts';
import { StateCell } from '../live/state-cell.ts';
import type { JsonFile } from './json-file.ts';
import { noSecret, type Keep, type SecretStore } from './secret-store.ts';
import type { StoredServer, StoredSettings } from './stored.ts';

export interface ServerCredentials {
  readonly url: string;
  readonly apiKey: string;
  readonly apiSecret: string;
}
export interface ServerList {
  readonly servers: Server[];
  readonly chosenId: string | null;
  /** How a secret that is stored now would be kept. */
  readonly protection: Protection;
}
export interface ServerInput {
  readonly serverId?: string | undefined;
  readonly name: string;
  readonly url: string;
  readonly apiKey: string;
  /** Left out: the one that is kept. */
  readonly apiSecret?: string | undefined;
  readonly keep: Keep;
}
export interface ServerBookOptions {
  readonly file: JsonFile<StoredSettings>;
  readonly secrets: SecretStore;
  readonly protection: Protection;
  /** Takes an address apart; throws a ProblemError where it is none. */
  readonly readUrl: (url: string) => { readonly hostname: string; readonly isLoopback: boolean };
  readonly rehearsal: RehearsalConnection | null;
}

export const rehearsalId = 'rehearsal';
const secretOf = (serverId: string): string => `server:${serverId}`;

/** The servers that the producer has connected, and the rehearsal of this run. Their secrets leave it to the core only. */
export class ServerBook {
  readonly servers: StateCell<ServerList>;
  /** Told after a server was saved, with another address, key or secret, or removed. */
  readonly changed = new Listeners<{ readonly serverId: string; readonly what: 'saved' | 'removed' }>();
  readonly #options: ServerBookOptions;
  readonly #egress = new Map<string, Server['egress']>();
  #webhookUrlOf: (serverId: string) => string | null = () => null;

  constructor(options: ServerBookOptions) {
    this.#options = options;
    this.servers = new StateCell(this.#list());
  }

  /** Null where it is not known. */
  find(serverId: string): Server | null {
    return this.servers.value.servers.find((server) => server.id === serverId) ?? null;
  }

  /** Address, key and secret, for the core alone. Rejects with a ProblemError (`no-such-server`, `no-secret`, or the box's own). */
  async credentials(serverId: string): Promise<ServerCredentials> {
    const { rehearsal } = this.#options;
    if (rehearsal && serverId === rehearsalId) return rehearsal.livekit;
    const { url, apiKey } = this.#stored(serverId);
    const apiSecret = await this.#options.secrets.get(secretOf(serverId));
    if (apiSecret === null) throw noSecret();
    return { url, apiKey, apiSecret };
  }

  /** What *Test* is run with: what was entered, and the kept secret where none was. */
  async credentialsToTest(input: Omit<ServerInput, 'name' | 'keep'>): Promise<ServerCredentials> {
    const kept =
      input.apiSecret ?? (input.serverId === undefined ? null : (await this.credentials(input.serverId)).apiSecret);
    if (kept === null) throw noSecret();
    return { url: input.url, apiKey: input.apiKey, apiSecret: kept };
  }

  async save(input: ServerInput): Promise<Server> {
    this.#options.readUrl(input.url);
    const known = input.serverId === undefined ? null : this.#stored(input.serverId);
    const id = known?.id ?? `srv_${randomUUID().slice(0, 8)}`;
    const { secrets, file } = this.#options;
    // The secret first: a server without one is worse than a secret without a server.
    if (input.apiSecret !== undefined) await secrets.put(secretOf(id), input.apiSecret, input.keep);
    else if (known) await secrets.move(secretOf(id), input.keep);
    else throw noSecret();
    const entry: StoredServer = { id, name: input.name.trim(), url: input.url.trim(), apiKey: input.apiKey.trim() };
    await file.update((settings) => {
      const others = settings.servers.filter((server) => server.id !== id);
      if (others.length >= 100) throw tooMany();
      const servers = known
        ? settings.servers.map((server) => (server.id === id ? entry : server))
        : [...others, entry];
      return { ...settings, servers };
    });
    this.#egress.delete(id);
    this.#publish();
    this.changed.emit({ serverId: id, what: 'saved' });
    return this.#known(id);
  }

  async remove(serverId: string): Promise<void> {
    this.#stored(serverId);
    await this.#options.file.update((settings) => ({
      ...settings,
      servers: settings.servers.filter((server) => server.id !== serverId),
      chosenId: settings.chosenId === serverId ? null : settings.chosenId,
    }));
    await this.#options.secrets.remove(secretOf(serverId));
    this.#egress.delete(serverId);
    this.#publish();
    this.changed.emit({ serverId, what: 'removed' });
  }

  async choose(serverId: string): Promise<void> {
    this.#known(serverId);
    await this.#options.file.update((settings) => ({ ...settings, chosenId: serverId }));
    this.#publish();
  }

  /** What was found out about egress; of this run only. */
  setEgress(serverId: string, egress: Server['egress']): void {
    if (this.find(serverId) === null || this.#egress.get(serverId) === egress) return;
    this.#egress.set(serverId, egress);
    this.#publish();
  }
  /** Once the console listens for webhooks. */
  setWebhookUrls(urlOf: (serverId: string) => string | null): void {
    this.#webhookUrlOf = urlOf;
    this.#publish();
  }

  #publish(): void {
    this.servers.set(this.#list());
  }
  #list(): ServerList {
    const { file, rehearsal, protection } = this.#options;
    const own = file.value.servers.map((server) => this.#server(server, kindOf(server.url, this.#options.readUrl)));
    const builtIn = rehearsal
      ? [
          this.#server(
            { id: rehearsalId, name: 'Rehearsal', url: rehearsal.livekit.url, apiKey: rehearsal.livekit.apiKey },
            'rehearsal',
          ),
        ]
      : [];
    const servers = [...builtIn, ...own];
    const { chosenId } = file.value;
    const isThere = servers.some((server) => server.id === chosenId);
    return { servers, chosenId: isThere ? chosenId : (servers[0]?.id ?? null), protection };
  }
  #server(stored: StoredServer, kind: ServerKind): Server {
    const twin = kind === 'rehearsal' ? null : this.#options.secrets.twin(secretOf(stored.id));
    return {
      ...stored,
      kind,
      secretHint: twin?.hint ?? '',
      protection: twin?.protection ?? 'this-run',
      egress: this.#egress.get(stored.id) ?? 'unknown',
      webhookUrl: this.#webhookUrlOf(stored.id),
    };
  }
  #known(serverId: string): Server {
    const server = this.find(serverId);
    if (server) return server;
    throw new ProblemError({
      code: 'no-such-server',
      fault: 'yours',
      retryable: false,
      text: 'This server is not connected.',
    });
  }
  #stored(serverId: string): StoredServer {
    const stored = this.#options.file.value.servers.find((server) => server.id === serverId);
    if (stored) return stored;
    this.#known(serverId);
    throw new ProblemError({
      code: 'is-rehearsal',
      fault: 'yours',
      retryable: false,
      text: 'The rehearsal cannot be changed or removed.',
    });
  }
}

function kindOf(url: string, readUrl: ServerBookOptions['readUrl']): ServerKind {
  try {
    const { hostname, isLoopback } = readUrl(url);
    return isLoopback ? 'local' : hostname.endsWith('.livekit.cloud') ? 'cloud' : 'self-hosted';
  } catch {
    return 'self-hosted'; // an address of an edited file that cannot be read: using it will say so
  }
}

const tooMany = (): ProblemError =>
  new ProblemError({
    code: 'too-many-servers',
    fault: 'yours',
    retryable: false,
    text: 'No more than 100 servers can be kept.',
  });
