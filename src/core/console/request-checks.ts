import { checkRequest } from '../../shared/checks/check-request.ts';
import type { Finding } from '../../shared/checks/finding.ts';
import type { JobRequest } from '../../shared/model/job-request.ts';
import { ProblemError } from '../../shared/model/problem-error.ts';
import type { Order } from './planning.ts';
import type { ConsoleParts } from './parts.ts';

/** What is known to be wrong with a request, with the server and the room of now in view. */
export function findingsOf(
  { servers, rooms }: Pick<ConsoleParts, 'servers' | 'rooms'>,
  { serverId, roomName, request }: Pick<Order, 'serverId' | 'roomName'> & { readonly request: JobRequest },
): readonly Finding[] {
  const people = rooms.people(serverId, roomName);
  const server = servers.find(serverId);
  return checkRequest(request, { ...(people ? { people } : {}), ...(server ? { serverKind: server.kind } : {}) });
}

/** Refuses a request that the server would refuse, or that would break its worker; nothing is started for it. */
export function refuseUnfit(parts: Pick<ConsoleParts, 'servers' | 'rooms'>, order: Order): void {
  if (order.mode === 'desk-only') return;
  refuseFirst(findingsOf(parts, order));
}

/** Throws what is known to be refused, as a ProblemError (`unfit-request`). */
export function refuseFirst(findings: readonly Finding[]): void {
  const first = findings.find(({ severity }) => severity === 'refuse');
  if (first) throw new ProblemError({ code: 'unfit-request', fault: 'yours', retryable: false, text: first.text });
}
