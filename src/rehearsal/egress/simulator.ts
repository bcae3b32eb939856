import { type EgressInfo, EgressStatus, type S3Upload } from '@livekit/protocol';
import { rmSync } from 'node:fs';
import type { Ffmpeg } from '../ffmpeg.ts';
import { newId } from '../livekit/ids.ts';
import { innerError, noResponse, noSuchEgress, TwirpError } from '../livekit/twirp-error.ts';
import { pause } from '../pause.ts';
import type { SceneShow } from '../scene/show.ts';
import type { Course, Plan } from './course.ts';
import { type EgressRooms, runCourse } from './courses.ts';
import { type EgressFaults, handled, openFaults, type RunningJob } from './faults.ts';
import type { JobContext } from './job.ts';
import { nameResults } from './keeper.ts';
import type { WorkerFigures } from './metrics-page.ts';
import { type EgressEvent, EgressRow, type EndReason } from './row.ts';
import type { EgressTiming } from './timing.ts';
import { makeWorkFolder, removeLeftovers } from './work-folder.ts';

export interface EgressSimulator {
  /** Runs an accepted request; the answer is its first info. `room.sid` is empty for kinds without a room. */
  start(plan: Plan, room: { readonly name: string; readonly sid: string }): Promise<EgressInfo>;
  /** Throws the TwirpError of an egress that is unknown or over, after the measured 3 s. */
  stop(egressId: string): Promise<EgressInfo>;
  updateStream(egressId: string, added: readonly string[], removed: readonly string[]): Promise<EgressInfo>;
  find(egressId: string): EgressInfo | undefined;
  list(): readonly EgressInfo[];
  /** How many are not over yet: what limits count. */
  readonly runningCount: number;
  readonly faults: EgressFaults;
  /** What the page of the worker tells. */
  figures(limit: number): WorkerFigures;
  close(): Promise<void>;
}

/** livekit-server forgets ended rows after a day; a rehearsal keeps the newest of them. */
const keptRows = 1_000;

export interface SimulatorOptions {
  readonly show: SceneShow;
  readonly rooms: EgressRooms;
  readonly timing: EgressTiming;
  readonly filesFolder: string;
  readonly ffmpeg: Ffmpeg | null;
  readonly now: () => number;
  /** The storage that egress falls back to; null: none. */
  readonly backup: () => S3Upload | null;
  /** A session ends by itself after so long; null: never. */
  readonly sessionLimitMs: number | null;
  readonly onEvent: (event: EgressEvent, info: EgressInfo) => void;
}

export function openEgressSimulator(options: SimulatorOptions): EgressSimulator {
  const { timing, rooms, show, now } = options;
  const rows = new Map<string, EgressRow>();
  const jobs = new Map<string, RunningJob>();
  const lingering = new Set<NodeJS.Timeout>();
  const leaving = new Set<() => void>();
  const closing = new AbortController();
  removeLeftovers(options.filesFolder);
  let accepting = 0;
  let workFolder: string | null = null;

  const stopChanges = rooms.onChange((change) => {
    for (const job of jobs.values()) {
      if (job.room !== change.room.name) continue;
      if (job.source?.isEndedBy(change) ?? change.type === 'room_finished') endJob(job, 'Source closed');
    }
  });

  const endJob = (job: RunningJob, reason: EndReason): void => {
    if (job.end.signal.aborted) return;
    // Stopped before it ran: the service says so at once, the handler only lets go.
    if (job.row.status === EgressStatus.EGRESS_STARTING) job.row.abort(abortWords(job.course), reason);
    job.end.abort(reason);
    if (reason === 'StopEgress API' || reason === 'All streams stopped') job.row.becomeEnding(reason);
  };

  const run = async (job: RunningJob, namedAtMs: number): Promise<void> => {
    const isChrome = job.course.kind === 'encoded' && job.course.start === 'chrome';
    let leave = (): void => {};
    const context: JobContext = {
      row: job.row,
      show,
      room: job.room,
      timing,
      now,
      namedAtMs,
      ending: job.end.signal,
      killed: job.kill.signal,
      leaveRoom: () => {
        if (!isChrome) leave();
      },
    };
    const stop = AbortSignal.any([job.end.signal, job.kill.signal]);
    const limit =
      options.sessionLimitMs === null
        ? null
        : setTimeout(() => endJob(job, 'Session limit reached'), options.sessionLimitMs);
    try {
      if (!(await pause(timing.joinMs, stop))) return;
      if (job.room !== '') leave = rooms.enterRecorder(job.room, job.row.id);
      leaving.add(leave);
      await runCourse(context, job.course, {
        rooms,
        gates: faults.gates,
        isDark: () => faults.isDark,
        ffmpeg: options.ffmpeg,
        filesFolder: options.filesFolder,
        backup: options.backup,
        workFolder: () => (workFolder ??= makeWorkFolder(options.filesFolder)),
        onSource: (source) => (job.source = source),
        onStreams: (streams) => (job.streams = streams),
        onSocket: (breakConnection) => (job.breakConnection = breakConnection),
      });
    } catch (error) {
      // A fault of the simulator itself shows as egress's own: failed, internal.
      job.row.fail(
        500,
        error instanceof Error ? `Internal data stream error. (${error.name})` : 'Internal data stream error.',
      );
    } finally {
      if (limit) clearTimeout(limit);
      const goes = leave;
      const go = (): void => {
        leaving.delete(goes);
        goes();
      };
      if (!isChrome || closing.signal.aborted || job.kill.signal.aborted) go();
      else {
        const timer = setTimeout(() => {
          lingering.delete(timer);
          go();
        }, timing.chromeLingerMs);
        lingering.add(timer);
      }
      jobs.delete(job.row.id);
    }
  };

  /** Refuses a control call on what nobody handles, after the measured 3 s. */
  const refuse = async (row: EgressRow | undefined, verb: 'stopped' | 'updated'): Promise<never> => {
    await pause(timing.noHandlerMs, closing.signal);
    if (!row) throw noSuchEgress();
    const isLost = row.status < EgressStatus.EGRESS_ENDING;
    if (isLost && verb === 'stopped') throw requestTimedOut();
    if (isLost) throw noResponse();
    throw new TwirpError('failed_precondition', `egress with status ${nameOf(row)} cannot be ${verb}`);
  };
  const faults = openFaults(jobs, endJob, { now, canDarken: options.ffmpeg?.font != null });

  return {
    start: async (plan, room) => {
      accepting += 1;
      try {
        const isBusy = jobs.size > 0;
        await pause(isBusy ? timing.answerBusyMs : timing.answerIdleMs, closing.signal);
      } finally {
        accepting -= 1;
      }
      const { info, course } = plan;
      info.egressId = newId('EG_');
      info.roomId = room.sid;
      info.roomName = room.name;
      const namedAtMs = now();
      if (course.kind === 'encoded' && course.isNamedAtOnce) {
        const inRoom = room.name === '' ? {} : { roomName: room.name, roomId: room.sid };
        nameResults(info, course, { identifier: room.name || 'web', atMs: namedAtMs, ...inRoom });
      }
      const row = new EgressRow(info, options.onEvent);
      rows.set(row.id, row);
      forgetOldest(rows);
      const job: RunningJob = {
        row,
        room: room.name,
        course,
        source: null,
        streams: null,
        end: new AbortController(),
        kill: new AbortController(),
        breakConnection: null,
        done: Promise.resolve(),
      };
      jobs.set(row.id, job);
      const first = row.info.clone();
      job.done = run(job, namedAtMs);
      return first;
    },
    stop: async (egressId) => {
      const job = handled(jobs.get(egressId));
      if (!job) return refuse(rows.get(egressId), 'stopped');
      if (faults.isUnheardStopArmed) {
        faults.armUnheardStop(false);
        await pause(timing.noHandlerMs, closing.signal);
        throw requestTimedOut();
      }
      endJob(job, 'StopEgress API');
      return job.row.info.clone();
    },
    updateStream: async (egressId, added, removed) => {
      const job = handled(jobs.get(egressId));
      if (!job) return refuse(rows.get(egressId), 'updated');
      const isStreaming = job.course.kind === 'encoded' && job.course.streams !== null;
      if (!isStreaming) {
        job.row.update();
        throw innerError('invalid_argument', 'UpdateStream called on non-streaming egress');
      }
      // Measured: a job that still loads answers when it has loaded.
      while (!job.streams && handled(jobs.get(egressId))) await pause(20, closing.signal);
      if (!job.streams) return refuse(rows.get(egressId), 'updated');
      job.streams.update(added, removed);
      if (job.streams.isOver) endJob(job, 'All streams stopped');
      return job.row.info.clone();
    },
    find: (egressId) => rows.get(egressId)?.info,
    list: () => [...rows.values()].map((row) => row.info),
    get runningCount() {
      return accepting + [...rows.values()].filter((row) => !row.isOver).length;
    },
    figures: (limit) => {
      const running: Record<string, number> = {};
      for (const { row } of jobs.values()) {
        const kind = kindOf(row.info);
        running[kind] = (running[kind] ?? 0) + 1;
      }
      const over = [...rows.values()].filter((row) => row.isOver);
      const crashed = over.filter(({ info }) => info.errorCode === 500 && info.details === '').length;
      return { running, canAccept: jobs.size < limit, completed: over.length - crashed, crashed };
    },
    faults,
    close: async () => {
      closing.abort();
      stopChanges();
      for (const timer of lingering) clearTimeout(timer);
      const ended = [...jobs.values()].map((job) => job.done);
      for (const job of jobs.values()) job.kill.abort();
      await Promise.all(ended);
      for (const leave of leaving) leave();
      if (workFolder) rmSync(workFolder, { recursive: true, force: true });
    },
  };
}

/** What a stop before it ran is called: Chrome and the mixer wait for their start signal. */
function abortWords(course: Course): Parameters<EgressRow['abort']>[0] {
  const isWaiting = course.kind === 'encoded' && course.isNamedAtOnce;
  return isWaiting ? 'Start signal not received' : 'Stop called before pipeline could start';
}

function requestTimedOut(): TwirpError {
  return innerError('deadline_exceeded', 'request timed out');
}

/** As the metrics of egress name the kinds. */
function kindOf({ request }: EgressInfo): string {
  if (request.case === 'egress') return request.value.source.case ?? 'media';
  return (request.case ?? 'track').replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function nameOf(row: EgressRow): string {
  return EgressStatus[row.status] ?? 'EGRESS_FAILED';
}

function forgetOldest(rows: Map<string, EgressRow>): void {
  for (const row of rows.values()) {
    if (rows.size <= keptRows) return;
    if (row.isOver) rows.delete(row.id);
  }
}
