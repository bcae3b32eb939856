import type { ComparedWay, PlanFigure } from '../../../shared/model/job-plan.ts';
import type { JobRequest } from '../../../shared/model/job-request.ts';
import { seconds } from '../../../shared/text/figures.ts';
import { workerAnswer } from './acceptance.ts';
import { costPerHour } from './cost.ts';
import type { PlanInput } from './input.ts';
import { wayOf, ways, type WayId } from './ways.ts';

interface Row {
  readonly id: ComparedWay['id'];
  readonly way: WayId;
  readonly label: string;
  readonly gives: string;
  readonly sessions: (counts: { readonly people: number; readonly tracks: number }) => number;
  readonly mixing: string;
  readonly control: string;
}

/** Room composite against track egress, and what lies between: how each behaves is the same in every room. */
const rows: readonly Row[] = [
  {
    id: 'room-composite',
    way: 'room-composite',
    label: 'Room composite',
    gives: 'one picture and one sound',
    sessions: () => 1,
    mixing: 'egress, in a browser at the server',
    control: 'layout, addresses; nothing of one person',
  },
  {
    id: 'room-composite-sound',
    way: 'room-composite-sound',
    label: 'Room composite, sound only',
    gives: 'one sound',
    sessions: () => 1,
    mixing: 'egress, without a browser',
    control: 'addresses; nothing of one person',
  },
  {
    id: 'participants',
    way: 'participant',
    label: 'Participant egress, one each',
    gives: 'picture and sound of each person',
    sessions: ({ people }) => people,
    mixing: 'none: mixed later',
    control: 'each person alone; ends when they leave',
  },
  {
    id: 'tracks',
    way: 'track',
    label: 'Track egress, one each',
    gives: 'each track as it comes, or PCM of each voice',
    sessions: ({ tracks }) => tracks,
    mixing: 'none: mixed later, or here',
    control: 'each track alone; a rejoin is a new track',
  },
  {
    id: 'media',
    way: 'media',
    label: 'Media (v2), everybody’s sound',
    gives: 'one sound, or two groups left and right',
    sessions: () => 1,
    mixing: 'egress, summed without a limiter',
    control: 'people come and go; routes are fixed',
  },
  {
    id: 'room-sound',
    way: 'room-sound',
    label: 'Here, direct feed',
    gives: 'the mix and one file each, sound only',
    sessions: () => 0,
    mixing: 'this computer, with a limiter',
    control: 'everything; ends with this computer',
  },
];

/** Every way to record the room at hand with what it takes here, declared and measured figures apart. */
export function compareWays(input: PlanInput): ComparedWay[] {
  const counts = {
    people: input.people.length,
    tracks: input.people.flatMap((person) => person.tracks).filter((track) => track.kind !== 'data').length,
  };
  const chosen = chosenRow(input.request);
  return rows.map((row) => {
    const { starts, delay, metering } = ways[row.way];
    const sessions = row.sessions(counts);
    return {
      id: row.id,
      label: row.label,
      gives: row.gives,
      sessions,
      fits: workerAnswer(row.way, input)?.accepts === false ? false : fits(sessions, input),
      starts: [starts, ...measuredStart(row.way, input)],
      delay: delay ? [delay] : [],
      mixing: row.mixing,
      costPerHour: costPerHour(metering, sessions, input),
      control: row.control,
      isChosen: row.id === chosen,
    };
  });
}

/** How long it really took on this server, where it was ever started. */
export function measuredStart(way: WayId, { startsHere }: PlanInput): PlanFigure[] {
  const here = startsHere[way];
  if (!here) return [];
  const from = here.count === 1 ? 'one start on this server' : `median of ${here.count} starts on this server`;
  return [{ value: seconds(here.medianMs), source: 'measured', from }];
}

/** Null where nobody knows. */
export function fits(sessionCount: number, { sessions, server }: PlanInput): boolean | null {
  if (sessionCount === 0) return true;
  if (server.egress === 'absent') return false;
  return sessions.limit === null || sessions.inUse === null ? null : sessions.inUse + sessionCount <= sessions.limit;
}

function chosenRow(request: JobRequest): ComparedWay['id'] | null {
  const way = wayOf(request);
  switch (way) {
    case 'room-composite':
    case 'room-composite-sound':
    case 'room-sound':
      return way;
    case 'participant':
      return 'participants';
    case 'track':
      return 'tracks';
    case 'media':
      return 'media';
    case 'web':
    case 'web-sound':
    case 'track-composite':
    case 'pass-through':
      return null;
  }
}
