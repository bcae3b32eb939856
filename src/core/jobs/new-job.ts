import { randomUUID } from 'node:crypto';
import type { TakesOver } from '../../shared/model/hand-over.ts';
import type { AutoStop, JobMode } from '../../shared/model/job.ts';
import { programRequest, type JobRequest } from '../../shared/model/job-request.ts';
import { advance } from './job-machine.ts';
import type { JobState } from './job-state.ts';
import { usualTitle } from './job-title.ts';
import { modeFor, sidesOf } from './mode-for.ts';
import { isInUse, type EgressSnapshot } from './ports.ts';

export interface JobOrder {
  readonly serverId: string;
  /** Without meaning for the egress of a web page, which is in no room. */
  readonly roomName: string;
  readonly mode: JobMode;
  readonly request: JobRequest;
  /** Empty or left out: the usual one. */
  readonly title?: string | undefined;
  readonly autoStop?: AutoStop | null | undefined;
  /** Later than now: it waits for this moment, armed. */
  readonly startAtMs?: number | null | undefined;
  /** False where somebody else asks again after a refusal, as rules do; left out: Cuedesk does, where egress alone will do. */
  readonly asksAgain?: boolean | undefined;
  /** The console orders it, so that a show goes on over the session limit of another job. */
  readonly takesOver?: Pick<TakesOver, 'jobId' | 'as'> | undefined;
}

/** A job that the producer asks for. The desk is beside it only where the sound of the room stands in for it. */
export function orderedJob(order: JobOrder, atMs: number): JobState {
  const { serverId, request, title } = order;
  const mode = modeFor(order.mode, request);
  const { usesEgress, usesDesk } = sidesOf({ mode, request });
  // In place of a page the desk keeps the sound of the room, which is then the one that was named.
  const roomName = request.kind === 'web' && usesEgress ? '' : order.roomName;
  const startAtMs = order.startAtMs ?? null;
  const isArmed = startAtMs !== null && startAtMs > atMs;
  return {
    ...blank(atMs),
    id: `job-${randomUUID()}`,
    serverId,
    roomName,
    title: title?.trim() || usualTitle(request, { roomName }),
    request,
    mode,
    startedBy: 'here',
    requestedAtMs: atMs,
    phase: isArmed ? 'armed' : 'starting',
    startAtMs,
    autoStop: order.autoStop ?? null,
    asksAgain: mode === 'egress-only' && order.asksAgain !== false,
    egress: usesEgress && !isArmed ? { at: 'requested', tries: 1 } : { at: 'none' },
    takesOver: order.takesOver ? { ...order.takesOver, isOver: false } : null,
    desk: usesDesk && !isArmed ? { at: 'opening', take: 1 } : { at: 'none' },
  };
}

/** A job that was found at the server, started by somebody else; over, where it had ended before it was seen here. */
export function foundJob(serverId: string, snapshot: EgressSnapshot, atMs: number): JobState {
  const { egressId, roomName, results } = snapshot;
  const asked = snapshot.asked?.();
  const fileName = results.files[0]?.name || results.segments[0]?.playlistName || '';
  const request = asked?.request ?? programRequest(fileName || '{room_name}-{time}', 'grid');
  const job: JobState = {
    ...blank(atMs),
    id: `egress-${egressId}`,
    serverId,
    roomName,
    title: usualTitle(request, { roomName, subject: asked?.subject ?? '', fileName }),
    request,
    mode: 'egress-only',
    startedBy: 'elsewhere',
    requestedAtMs: snapshot.startedAtMs ?? atMs,
    egress: { at: 'requested', tries: 1 },
    desk: { at: 'none' },
  };
  if (isInUse(snapshot)) return job;
  // History, and no news: nothing is to be done about it.
  return advance(job, { type: 'egressSeen', atMs: snapshot.endedAtMs ?? atMs, snapshot }).state;
}

const blank = (atMs: number) =>
  ({
    stopAskedAtMs: null,
    phase: 'starting',
    phaseAtMs: atMs,
    endedAtMs: null,
    refusal: null,
    deskProblem: null,
    deskFiles: [],
    deskPeopleCount: 0,
    deskTakesNothing: false,
    deskHoles: [],
    streams: [],
    layoutSent: null,
    startAtMs: null,
    isMissed: false,
    autoStop: null,
    asksAgain: false,
    handOver: null,
    takesOver: null,
  }) satisfies Partial<JobState>;
