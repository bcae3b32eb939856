import { z } from 'zod';
import { ProblemError, problemOf } from '../model/problem-error.ts';
import type { Contract, Handlers } from './contract.ts';
import type { Port } from './port.ts';
import { rpcError } from './rpc-error.ts';
import { Request, type Answer } from './wire.ts';

export interface ServeOptions {
  /** Told of each message that is not of the protocol. It was ignored; `countSoFar` is of this port. */
  readonly onProtocolError?: (reason: string, countSoFar: number) => void;
  /** Told of errors that no handler foresaw: the page only hears that there was one. */
  readonly onUnforeseen?: (error: unknown, method: string) => void;
  /** More calls and feeds than this at once are refused with `too-many-calls`. */
  readonly maxOpen?: number;
}

type AnyHandler = (params: unknown, signal: AbortSignal) => unknown;

/**
 * Answers the calls and feeds of one port until it closes; then every handler is aborted. Never throws, whatever the
 * page sends.
 */
export function serve<C extends Contract>(
  port: Port,
  contract: C,
  handlers: Handlers<C>,
  options: ServeOptions = {},
): void {
  const maxOpen = options.maxOpen ?? 256;
  const open = new Map<number, AbortController>();
  let isClosed = false;
  let refusedCount = 0;

  const answer = (message: Answer): void => {
    if (!isClosed) port.send(message);
  };
  const ignore = (reason: string): void => options.onProtocolError?.(reason, ++refusedCount);

  async function run(id: number, method: string, params: unknown, controller: AbortController): Promise<void> {
    const { signal } = controller;
    try {
      const spec = Object.hasOwn(contract, method) ? contract[method] : undefined;
      if (!spec) throw rpcError('unknown-method', method);
      const given = spec.params.safeParse(params);
      if (!given.success) throw rpcError('bad-params', z.prettifyError(given.error));
      const handler = handlers[method] as AnyHandler; // the contract types both ends
      if (spec.kind === 'call') {
        const value = spec.result.parse(await handler(given.data, signal));
        if (!signal.aborted) answer({ type: 'ok', id, value });
        return;
      }
      for await (const item of handler(given.data, signal) as AsyncIterable<unknown>) {
        if (signal.aborted) return;
        answer({ type: 'item', id, value: spec.item.parse(item) });
      }
      if (!signal.aborted) answer({ type: 'end', id });
    } catch (error) {
      if (signal.aborted) return; // nobody waits for it any more, and most likely it is the abort itself
      if (!(error instanceof ProblemError)) options.onUnforeseen?.(error, method);
      answer({ type: 'err', id, problem: problemOf(error) });
    }
  }

  port.onClose(() => {
    isClosed = true;
    for (const controller of open.values()) controller.abort(rpcError('closed'));
  });
  port.onMessage((raw) => {
    const parsed = Request.safeParse(raw);
    if (!parsed.success) return ignore('not a request');
    const request = parsed.data;
    if (request.type === 'abort') return open.get(request.id)?.abort(new Error('The page no longer waits.'));
    if (open.has(request.id)) return ignore('a number that is in use');
    if (open.size >= maxOpen)
      return answer({ type: 'err', id: request.id, problem: rpcError('too-many-calls').problem });
    const controller = new AbortController();
    open.set(request.id, controller); // held until the handler has ended, also after an abort: the limit is of running work
    void run(request.id, request.method, request.params, controller).finally(() => open.delete(request.id));
  });
}
