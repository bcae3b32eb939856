import { ProblemError } from '../../shared/model/problem-error.ts';
import type { ServerBook } from '../settings/server-book.ts';

/** Throws a ProblemError (`no-such-server`) where a page asks about a server that is not connected. */
export function needServer(servers: ServerBook, serverId: string): void {
  if (servers.find(serverId)) return;
  throw new ProblemError({
    code: 'no-such-server',
    fault: 'yours',
    retryable: false,
    text: 'This server is not connected.',
  });
}
