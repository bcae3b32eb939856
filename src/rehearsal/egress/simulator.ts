import { type EgressInfo, EgressStatus } from '@livekit/protocol';
import { rmSync } from 'node:fs';
import type { Ffmpeg } from '../ffmpeg.ts';
import { newId } from '../livekit/ids.ts';
import { innerError, noSuchEgress, TwirpError } from '../livekit/twirp-error.ts';
import { pause } from '../pause.ts';
import type { SceneShow } from '../scene/show.ts';
import type { Plan } from './course.ts';
import { type EgressRooms, isMicrophoneOf, runCourse } from './courses.ts';
import { fileName } from './file-name.ts';
import type { JobContext } from './job.ts';
import { type EgressEvent, EgressRow, type EndReason } from './row.ts';
import type { EgressTiming } from './timing.ts';
import { makeWorkFolder, removeLeftovers } from './work-folder.ts';

export interface EgressSimulator {
  /** Runs an accepted request; the answer is its first info. `room.sid` is empty for kinds without a room. */
  start(plan: Plan, room: { readonly name: string; readonly sid: string }): Promise<EgressInfo>;
  /** Throws the TwirpError of an egress that is unknown or over, after the measured 3 s. */
  stop(egressId: string): Promise<EgressInfo>;
  updateStream(egressId: string): Promise<never>;
  find(egressId: string): EgressInfo | undefined;
  list(): readonly EgressInfo[];
  /** How many are not over yet: what limits count. */
  readonly runningCount: number;
  /** Track WebSockets that are open. */
  readonly socketCount: number;
  /** Drill: the handler of the newest recording, else of the newest egress, is killed. Says which; null where none runs. */
  killOne(): string | null;
  /** Drill: breaks the connections of all running track WebSockets; says how many. */
  dropSockets(): number;
  close(): Promise<void>;
}

interface RunningJob {
  readonly row: EgressRow;
  readonly room: string;
  /** Whose microphone it takes, once that is known. */
  identity: string | null;
  readonly isRecording: boolean;
  readonly end: AbortController;
  readonly kill: AbortController;
  breakConnection: (() => void) | null;
  done: Promise<void>;
}

/** livekit-server forgets ended rows after a day; a rehearsal keeps the newest of them. */
const keptRows = 1_000;

export function openEgressSimulator(options: {
  readonly show: SceneShow;
  readonly rooms: EgressRooms;
  readonly timing: EgressTiming;
  readonly filesFolder: string;
  readonly ffmpeg: Ffmpeg | null;
  readonly now: () => number;
  readonly onEvent: (event: EgressEvent, info: EgressInfo) => void;
}): EgressSimulator {
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
      const isGone = change.type === 'track_unpublished' && isMicrophoneOf(change, job.identity);
      if (change.type === 'room_finished' || isGone) endJob(job, 'Source closed');
    }
  });

  const endJob = (job: RunningJob, reason: EndReason): void => {
    if (job.end.signal.aborted) return;
    // Stopped before it ran: the service says so at once, the handler only lets go.
    if (job.row.status === EgressStatus.EGRESS_STARTING) {
      job.row.abort(job.isRecording ? 'Start signal not received' : 'Stop called before pipeline could start', reason);
    }
    job.end.abort(reason);
    if (reason === 'StopEgress API') job.row.becomeEnding(reason);
  };

  const run = async (job: RunningJob, plan: Plan, roomName: string): Promise<void> => {
    const { course } = plan;
    const chrome = course.kind === 'composite' && course.needsChrome;
    let leave = (): void => {};
    const context: JobContext = {
      row: job.row,
      show,
      room: roomName,
      timing,
      now,
      ending: job.end.signal,
      killed: job.kill.signal,
      leaveRoom: () => {
        if (!chrome) leave();
      },
    };
    const stop = AbortSignal.any([job.end.signal, job.kill.signal]);
    try {
      if (!(await pause(timing.joinMs, stop))) return;
      if (roomName !== '') leave = rooms.enterRecorder(roomName, job.row.id);
      leaving.add(leave);
      await runCourse(context, course, {
        rooms,
        ffmpeg: options.ffmpeg,
        filesFolder: options.filesFolder,
        workFolder: () => (workFolder ??= makeWorkFolder(options.filesFolder)),
        onSource: (identity) => (job.identity = identity),
        onSocket: (breakConnection) => (job.breakConnection = breakConnection),
      });
    } catch (error) {
      // A fault of the simulator itself shows as egress's own: failed, internal.
      job.row.fail(
        500,
        error instanceof Error ? `Internal data stream error. (${error.name})` : 'Internal data stream error.',
      );
    } finally {
      const goes = leave;
      const go = (): void => {
        leaving.delete(goes);
        goes();
      };
      if (!chrome || closing.signal.aborted) go();
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

  const runningCount = (): number => accepting + [...rows.values()].filter((row) => !row.isOver).length;

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
      if (course.kind === 'composite') {
        for (const file of info.fileResults) {
          file.filename = fileName(course.filepath, '.mp4', { roomName: room.name, roomId: room.sid, atMs: now() });
        }
      }
      const row = new EgressRow(info, options.onEvent);
      rows.set(row.id, row);
      forgetOldest(rows);
      const job: RunningJob = {
        row,
        room: room.name,
        identity: null,
        isRecording: course.kind === 'composite',
        end: new AbortController(),
        kill: new AbortController(),
        breakConnection: null,
        done: Promise.resolve(),
      };
      jobs.set(row.id, job);
      const first = row.info.clone();
      job.done = run(job, plan, room.name);
      return first;
    },
    stop: async (egressId) => {
      const row = rows.get(egressId);
      const job = jobs.get(egressId);
      if (row && job && !row.isOver) {
        endJob(job, 'StopEgress API');
        return row.info.clone();
      }
      await pause(timing.noHandlerMs, closing.signal);
      if (!row) throw noSuchEgress();
      throw new TwirpError('failed_precondition', `egress with status ${nameOf(row)} cannot be stopped`);
    },
    updateStream: async (egressId) => {
      const row = rows.get(egressId);
      if (row && !row.isOver) {
        row.touch();
        throw innerError('invalid_argument', 'UpdateStream called on non-streaming egress');
      }
      await pause(timing.noHandlerMs, closing.signal);
      if (!row) throw noSuchEgress();
      throw new TwirpError('failed_precondition', `egress with status ${nameOf(row)} cannot be updated`);
    },
    find: (egressId) => rows.get(egressId)?.info,
    list: () => [...rows.values()].map((row) => row.info),
    get runningCount() {
      return runningCount();
    },
    get socketCount() {
      return [...jobs.values()].filter((job) => job.breakConnection !== null).length;
    },
    killOne: () => {
      const newest = [...jobs.values()].filter((job) => !job.row.isOver).reverse();
      const job = newest.find((one) => one.isRecording) ?? newest[0];
      if (!job) return null;
      job.kill.abort();
      job.row.die('signal: killed');
      return job.row.id;
    },
    dropSockets: () => {
      const broken = [...jobs.values()].flatMap((job) => (job.breakConnection ? [job.breakConnection] : []));
      for (const breakConnection of broken) breakConnection();
      return broken.length;
    },
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

function nameOf(row: EgressRow): string {
  return EgressStatus[row.status] ?? 'EGRESS_FAILED';
}

function forgetOldest(rows: Map<string, EgressRow>): void {
  for (const row of rows.values()) {
    if (rows.size <= keptRows) return;
    if (row.isOver) rows.delete(row.id);
  }
}
