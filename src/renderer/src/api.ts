import type { CallOptions, Client } from '../../shared/rpc/contract.ts';
import type { Port } from '../../shared/rpc/port.ts';
import { connect } from '../../shared/rpc/connect.ts';
import { contract, type ConsoleContract } from '../../shared/contract/index.ts';
import { ProblemError, problemOf } from '../../shared/model/problem-error.ts';
import { shutOutCode } from './port.ts';
import type { Link } from './stores/link.ts';

type CoreClient = Client<ConsoleContract>;

/** Opens a feed on a client: `(core, options) => core.rooms({ serverId }, options)`. The options carry the signal that ends it. */
type OpenFeed<T> = (client: CoreClient, options: CallOptions) => AsyncIterable<T>;

/** The page's one way to the core. It outlives the port: a lost port is opened again and every feed goes on. */
export interface Api {
  /** Asks once. Rejects at once while the core is away: a command must never fire later by itself. */
  run<T>(ask: (client: CoreClient) => Promise<T>): Promise<T>;
  /** Follows a feed, over every loss of the port, until the returned function is called. */
  follow<T>(open: OpenFeed<T>, onItem: (item: T) => void): () => void;
  close(): void;
}

const firstRetryMs = 500;
const maxRetryMs = 5_000; // a producer waits for this window; longer would be longer than a reload by hand

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Opens the way and keeps it open. `onLink` is told each change of it. Never throws. */
export function openApi(openPort: () => Promise<Port>, onLink: (link: Link) => void): Api {
  let isClosed = false;
  let port: Port | null = null;
  let present: CoreClient | null = null;
  let next = Promise.withResolvers<CoreClient>();

  async function openOnce(): Promise<void> {
    const opened = await openPort();
    port = opened;
    const gone = new Promise<void>((resolve) => opened.onClose(resolve));
    present = connect(opened, contract);
    next.resolve(present);
    onLink({ state: 'open', sinceMs: Date.now(), tries: 0, nextTryAtMs: null, isShutOut: false });
    await gone;
  }

  async function keepOpen(): Promise<void> {
    let tries = 0;
    let lostAtMs = Date.now();
    for (;;) {
      let isShutOut = false;
      try {
        await openOnce();
        tries = 0;
        lostAtMs = Date.now();
      } catch (error) {
        // The port could not be opened: the link store below tells it, and the next round tries again.
        isShutOut = problemOf(error).code === shutOutCode;
      }
      if (isClosed) return;
      present = null;
      next = Promise.withResolvers<CoreClient>();
      const waitMs = Math.min(firstRetryMs * 2 ** tries, maxRetryMs);
      tries += 1;
      onLink({ state: 'lost', sinceMs: lostAtMs, tries, nextTryAtMs: Date.now() + waitMs, isShutOut });
      await pause(waitMs);
    }
  }
  onLink({ state: 'connecting', sinceMs: Date.now(), tries: 0, nextTryAtMs: null, isShutOut: false });
  void keepOpen();

  async function run<T>(ask: (client: CoreClient) => Promise<T>): Promise<T> {
    if (present) return ask(present);
    throw new ProblemError({
      code: 'core-away',
      fault: 'ours',
      retryable: true,
      text: 'Cuedesk does not answer this window. Nothing was sent.',
    });
  }

  function follow<T>(open: OpenFeed<T>, onItem: (item: T) => void): () => void {
    const stopping = new AbortController();
    const { signal } = stopping;
    async function go(): Promise<void> {
      while (!signal.aborted && !isClosed) {
        const client = await next.promise;
        if (signal.aborted) return;
        try {
          for await (const item of open(client, { signal })) {
            if (signal.aborted) return;
            onItem(item);
          }
        } catch {
          // The feed broke with its port or in the core; the link or the feed's own state tells why. It is opened again.
        }
        if (!signal.aborted) await pause(firstRetryMs);
      }
    }
    void go();
    return () => stopping.abort();
  }

  return {
    run,
    follow,
    close: () => {
      isClosed = true;
      port?.close();
    },
  };
}
