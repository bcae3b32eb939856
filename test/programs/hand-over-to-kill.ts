// Opens a console on a rehearsal with a session limit, records, says when two parts record at once, and goes on until it is killed.
import type { RehearsalConnection } from '../../src/core/host-services.ts';
import { openConsoleIn, rehearsalServerId } from '../support/whole-console.ts';
import { jobWhen, startLimited } from '../support/whole-jobs.ts';

/** What its parent is told in the overlap. */
export interface InOverlap {
  readonly oldId: string;
  readonly nextId: string;
}

const rehearsal = JSON.parse(process.env['REHEARSAL'] ?? 'null') as RehearsalConnection;
const { api } = await openConsoleIn(process.argv[2] ?? '', rehearsal);
const serverId = await rehearsalServerId(api);
const old = await startLimited(api, serverId, Number(process.env['LIMIT_MS']), 'egress-only');
const { handOver } = await jobWhen(api, old, (job) => job.handOver?.successorId != null, 'to be handed over');
const nextId = handOver?.successorId ?? '';
await jobWhen(api, { ...old, id: nextId }, (job) => job.phase === 'recording', 'to record beside it');
process.send?.({ oldId: old.id, nextId } satisfies InOverlap);
