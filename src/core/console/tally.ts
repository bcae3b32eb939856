import type { CaptionSession } from '../../shared/model/captions.ts';
import { isRunning, type Job } from '../../shared/model/job.ts';
import type { Tally } from '../../shared/model/room.ts';

/** What holds a room and its people now. A recording of the room holds everybody in it. */
export function tallyOf(
  roomName: string,
  identities: readonly string[],
  jobs: readonly Job[],
  sessions: readonly CaptionSession[],
): { readonly room: readonly Tally[]; readonly people: Readonly<Record<string, readonly Tally[]>> } {
  const here = jobs.filter((job) => job.roomName === roomName && isRunning(job));
  const held: Tally[] = [];
  if (here.some((job) => job.egress?.status === 'active')) held.push('REC');
  if (here.some((job) => job.desk?.status === 'recording')) held.push('DESK');
  const sessionsHere = sessions.filter((session) => session.roomName === roomName && session.state !== 'ended');
  const speakers = sessionsHere.flatMap((session) => session.speakers);
  const captioned = new Set(
    speakers.filter((one) => one.state === 'live' || one.state === 'gap').map((one) => one.identity),
  );
  const people = identities.map(
    (identity) => [identity, captioned.has(identity) ? [...held, 'CAP' as const] : held] as const,
  );
  return { room: sessionsHere.length > 0 ? [...held, 'CAP'] : held, people: Object.fromEntries(people) };
}
