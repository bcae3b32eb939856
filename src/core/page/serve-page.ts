import { contract, type ConsoleContract } from '../../shared/contract/index.ts';
import type { Handlers } from '../../shared/rpc/contract.ts';
import type { Port } from '../../shared/rpc/port.ts';
import { serve } from '../../shared/rpc/serve.ts';
import type { Log } from '../live/log.ts';

/** Answers one page until its port closes. Both hosts do it by this, so that they cannot differ. */
export function servePage(port: Port, handlers: Handlers<ConsoleContract>, log: Log): void {
  serve(port, contract, handlers, {
    onProtocolError: (reason, countSoFar) => {
      // Of a page that has gone wild, the first message says it, and every hundredth that it still is.
      if (countSoFar % 100 === 1) log.warn('A page sent a message that is not of the protocol', { reason, countSoFar });
    },
    onUnforeseen: (error, method) => log.error('A call of the page failed for a reason of our own', { method }, error),
  });
}
