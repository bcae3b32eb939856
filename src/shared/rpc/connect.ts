import type { CallOptions, CallSpec, Client, Contract, FeedSpec } from './contract.ts';
import { ProblemError } from '../model/problem-error.ts';
import type { Port } from './port.ts';
import { rpcError } from './rpc-error.ts';
import { Answer, type Request } from './wire.ts';

interface Pending {
  ok(value: unknown): void;
  item(value: unknown): void;
  end(): void;
  fail(error: Error): void;
}

/** A `log` feed whose reader is this far behind fails with `overrun` rather than lose items silently. */
const maxUnread = 10_000;

/**
 * The asking side of a port. Calls reject with a ProblemError (or with the reason of their own signal). Feeds throw one
 * too, and end quietly when their signal aborts; `break` ends them at the core. After the port closed everything fails
 * with the code `closed`.
 */
export function connect<C extends Contract>(port: Port, contract: C): Client<C> {
  const link = new Link(port);
  const client: Record<string, unknown> = {};
  for (const [method, spec] of Object.entries(contract)) {
    client[method] =
      spec.kind === 'call'
        ? (params: unknown, options?: CallOptions) => ask(link, method, spec, params, options?.signal)
        : (params: unknown, options?: CallOptions) => listen(link, method, spec, params, options?.signal);
  }
  return client as Client<C>; // built from the same contract
}

class Link {
  readonly #port: Port;
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;
  #isClosed = false;

  constructor(port: Port) {
    this.#port = port;
    port.onClose(() => {
      this.#isClosed = true;
      for (const pending of this.#pending.values()) pending.fail(rpcError('closed'));
      this.#pending.clear();
    });
    port.onMessage((raw) => this.#receive(raw));
  }

  /** Returns the function that gives the call up: the core is told, and nothing more arrives. */
  open(method: string, params: unknown, pending: Pending): () => void {
    if (this.#isClosed) {
      pending.fail(rpcError('closed'));
      return () => {};
    }
    const id = ++this.#lastId;
    this.#pending.set(id, pending);
    this.#send({ type: 'call', id, method, params });
    return () => {
      if (this.#pending.delete(id)) this.#send({ type: 'abort', id });
    };
  }

  #receive(raw: unknown): void {
    const parsed = Answer.safeParse(raw);
    if (!parsed.success) return; // our own core does not send such; a newer one may, and then the call says so by its result
    const answer = parsed.data;
    const pending = this.#pending.get(answer.id);
    if (!pending) return; // late answer to what was given up
    if (answer.type === 'item') return pending.item(answer.value);
    this.#pending.delete(answer.id);
    if (answer.type === 'ok') pending.ok(answer.value);
    else if (answer.type === 'end') pending.end();
    else pending.fail(new ProblemError(answer.problem));
  }

  #send(request: Request): void {
    if (!this.#isClosed) this.#port.send(request);
  }
}

function ask(link: Link, method: string, spec: CallSpec, params: unknown, signal?: AbortSignal): Promise<unknown> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const settle = (finish: () => void): void => {
      signal?.removeEventListener('abort', onAbort);
      finish();
    };
    const giveUp = link.open(method, params, {
      ok: (value) =>
        settle(() => {
          const result = spec.result.safeParse(value);
          if (result.success) resolve(result.data);
          else reject(rpcError('bad-result', method));
        }),
      item: () => {},
      end: () => settle(() => reject(rpcError('bad-result', method))),
      fail: (error) => settle(() => reject(error)),
    });
    function onAbort(): void {
      giveUp();
      reject(signal?.reason as Error);
    }
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

async function* listen(
  link: Link,
  method: string,
  spec: FeedSpec,
  params: unknown,
  signal?: AbortSignal,
): AsyncGenerator<unknown> {
  if (signal?.aborted) return;
  let unread: unknown[] = [];
  let isOver = false;
  let failure: Error | null = null;
  let wake = (): void => {};
  const finish = (error: Error | null): void => {
    isOver = true;
    failure ??= error;
    wake();
  };
  const take = (value: unknown): void => {
    if (isOver) return;
    const item = spec.item.safeParse(value);
    if (!item.success) return stop(rpcError('bad-result', method));
    if (spec.flow === 'state') unread = [item.data];
    else if (unread.length >= maxUnread) return stop(rpcError('overrun', method));
    else unread.push(item.data);
    wake();
  };
  const giveUp = link.open(method, params, {
    ok: () => finish(rpcError('bad-result', method)),
    item: take,
    end: () => finish(null),
    fail: finish,
  });
  function stop(error: Error): void {
    giveUp();
    finish(error);
  }
  const onAbort = (): void => {
    unread = []; // nobody wants them any more
    giveUp();
    finish(null);
  };
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    for (;;) {
      while (unread.length > 0) yield unread.shift();
      if (failure) throw failure as Error;
      if (isOver) return;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    signal?.removeEventListener('abort', onAbort);
    giveUp(); // does nothing where the feed has ended; after `break` it ends the feed at the core
  }
}
