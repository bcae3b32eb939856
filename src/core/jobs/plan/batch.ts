import type { BatchPlan, BatchStart } from '../../../shared/model/batch.ts';
import { goesToSocket, outputsOf } from '../../../shared/model/job-request.ts';
import { modeFor } from '../mode-for.ts';
import type { PlanInput } from './input.ts';
import { lossesAtDesk } from './losses.ts';

type Part = BatchPlan['parts'][number];
type Order = Pick<BatchStart, 'roomName' | 'mode' | 'request' | 'startAtMs'>;

export interface BatchInput {
  readonly starts: readonly Order[];
  readonly server: PlanInput['server'];
  readonly sessions: PlanInput['sessions'];
  /** Of each room that is started in. */
  readonly peopleOf: (roomName: string) => PlanInput['people'];
}

/**
 * Splits starts that do not fit into the free egress sessions, before the first call. First come those that nothing here can
 * stand in for, then the others in the order given; what does not fit is recorded here once a room, sound only. Pure.
 */
export function planBatch(input: BatchInput): BatchPlan {
  const { starts, server, sessions } = input;
  const isLater = (start: Order): boolean => start.startAtMs != null;
  const isAsked = (start: Order): boolean =>
    !isLater(start) && start.request.kind !== 'room-sound' && start.mode !== 'desk-only';
  const asked = starts.flatMap((start, index) => (isAsked(start) ? [{ start, index }] : []));
  const free =
    server.egress === 'absent'
      ? 0
      : sessions.limit === null || sessions.inUse === null
        ? null
        : Math.max(0, sessions.limit - sessions.inUse);
  const first = asked.filter(({ start }) => needsEgress(start));
  const ranked = [...first, ...asked.filter(({ start }) => !needsEgress(start))];
  const taken = new Set(ranked.slice(0, free ?? ranked.length).map(({ index }) => index));
  const reason = refusalReason(input, free);

  const deskRooms = new Map<string, number>();
  const atDesk = (start: Order, index: number, because: string): Part => {
    const by = deskRooms.get(start.roomName);
    const loses = [...lossesAtDesk(start.request, { people: input.peopleOf(start.roomName) })];
    if (by !== undefined)
      return { engine: 'covered', because: `The sound of ${start.roomName} is kept by start ${by + 1}.`, loses };
    deskRooms.set(start.roomName, index);
    return { engine: 'desk', because, loses };
  };
  const parts = starts.map((start, index): Part => {
    if (isLater(start)) return { engine: 'later', because: 'Sessions are counted at its hour.', loses: [] };
    if (!isAsked(start)) return atDesk(start, index, 'Asked for here.');
    if (taken.has(index))
      return {
        engine: 'egress',
        because: free === null ? 'The limit is not known.' : `Session ${rank(index)} of ${free} free.`,
        loses: [],
      };
    if (isEgressAlone(start)) return { engine: 'none', because: `${reason} Nothing here stands in for it.`, loses: [] };
    return atDesk(start, index, reason);
  });
  return { headline: headlineOf(parts, free), parts };

  function rank(index: number): number {
    return ranked.findIndex((one) => one.index === index) + 1;
  }
}

/** What is lost altogether without egress: it may not run here, or it is more than a file. */
function needsEgress(start: Order): boolean {
  const { request } = start;
  if (isEgressAlone(start) || goesToSocket(request)) return true;
  const outputs = outputsOf(request);
  return outputs !== null && (outputs.stream !== null || outputs.segments !== null);
}

/** As of a single start: the sound of the room stands in only for what holds it whole; of people and tracks only where that was chosen. */
const isEgressAlone = ({ mode, request }: Order): boolean => modeFor(mode, request) === 'egress-only';

function refusalReason({ server, sessions }: BatchInput, free: number | null): string {
  if (server.egress === 'absent') return 'This server has no egress.';
  return free === 0
    ? `${sessions.inUse} of ${sessions.limit} egress sessions are in use.`
    : `Only ${free} of ${sessions.limit} egress sessions ${free === 1 ? 'is' : 'are'} free, and others go first.`;
}

function headlineOf(parts: readonly Part[], free: number | null): string {
  const count = (engine: Part['engine']): number => parts.filter((part) => part.engine === engine).length;
  const words = [
    count('egress') > 0 ? `${count('egress')} by egress` : '',
    count('desk') > 0 ? `${count('desk')} here, sound only` : '',
    count('covered') > 0 ? `${count('covered')} covered by another` : '',
    count('later') > 0 ? `${count('later')} later` : '',
    count('none') > 0 ? `${count('none')} not started` : '',
  ].filter(Boolean);
  const known = free === null ? 'the limit is not known' : `${free} ${free === 1 ? 'session is' : 'sessions are'} free`;
  return `${words.join(', ')}: ${known}.`;
}
