// Opens a console on a rehearsal, records and captions, says what runs, and goes on until it is killed.
import { setTimeout as delay } from 'node:timers/promises';
import type { RehearsalConnection } from '../../src/core/host-services.ts';
import { openConsoleIn, rehearsalServerId } from '../support/whole-console.ts';
import { entriesOf, finalsOf, jobWhen, live, sessionWhen, startRecording } from '../support/whole-jobs.ts';

/** What its parent is told, once everything runs. */
export interface Running {
  readonly egressJobId: string;
  readonly deskJobId: string;
  readonly sessionId: string;
  /** Of the lines that were final when this was told. */
  readonly finalIds: readonly string[];
}

const folder = process.argv[2] ?? '';
const rehearsal = JSON.parse(process.env['REHEARSAL'] ?? 'null') as RehearsalConnection;
const { api } = await openConsoleIn(folder, rehearsal);
const serverId = await rehearsalServerId(api);
const [session, egress, desk] = await Promise.all([
  api.startCaptions({ serverId, roomName: 'town-hall', feed: 'direct' }),
  startRecording(api, serverId, 'by egress', 'egress-only'),
  api.startJob({ serverId, roomName: 'town-hall', mode: 'desk-only', request: { kind: 'room-sound' } }),
]);
await Promise.all([
  sessionWhen(api, session, (one) => live(one) && one.lineCount >= 2, 'to have two lines'),
  ...[egress, desk].map((job) => jobWhen(api, job, (one) => one.phase === 'recording', 'to record')),
]);
for (;;) {
  const finals = finalsOf(await entriesOf(api, session.id));
  process.send?.({
    egressJobId: egress.id,
    deskJobId: desk.id,
    sessionId: session.id,
    finalIds: finals.map(({ id }) => id),
  } satisfies Running);
  await delay(200);
}
