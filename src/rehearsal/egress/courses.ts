import { type ParticipantInfo, type S3Upload, TrackType } from '@livekit/protocol';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Ffmpeg } from '../ffmpeg.ts';
import type { RoomChange } from '../livekit/rooms.ts';
import { pause } from '../pause.ts';
import type { Course, EncodedCourse, SocketCourse } from './course.ts';
import { runEncoded } from './encoded-run.ts';
import type { Gates } from './gates.ts';
import type { JobContext } from './job.ts';
import { loadPage } from './page.ts';
import { soundOf } from './sound.ts';
import { type FoundSource, findSource, notFound, type Source } from './source.ts';
import type { StreamSet } from './stream-set.ts';
import { runTrackSocket } from './track-socket.ts';

/** What egress sees of the rooms: the stand-in's own, or those of the server behind it. */
export interface EgressRooms {
  people(room: string): Promise<readonly ParticipantInfo[]>;
  /** A recorder enters the room; the returned function lets it leave. */
  enterRecorder(room: string, identity: string): () => void;
  /** Changes of people and tracks as they happen; returns the way to stop. */
  onChange(listener: (change: RoomChange) => void): () => void;
}

export interface CourseTools {
  readonly rooms: EgressRooms;
  readonly ffmpeg: Ffmpeg | null;
  readonly filesFolder: string;
  readonly gates: Gates;
  /** The picture is to be black now. */
  isDark(): boolean;
  /** The storage that egress falls back to. */
  backup(): S3Upload | null;
  /** A folder on the same disk as the files, made when first needed. */
  workFolder(): string;
  /** Told what ends the source, how to break its connection, and which streams there are. */
  onSource(source: FoundSource): void;
  onSocket(breakConnection: () => void): void;
  onStreams(streams: StreamSet): void;
}

/** Plays the course of one accepted egress to its end. */
export async function runCourse(job: JobContext, course: Course, tools: CourseTools): Promise<void> {
  if (course.kind === 'failing') await runFailing(job, course, tools);
  else if (course.kind === 'socket') await runSocket(job, course, tools);
  else await runEncodedCourse(job, course, tools);
}

async function runFailing(
  job: JobContext,
  course: Extract<Course, { kind: 'failing' }>,
  tools: CourseTools,
): Promise<void> {
  const stop = AbortSignal.any([job.ending, job.killed]);
  const found = await findOrFail(job, course.source, tools, stop);
  if (!found || !(await pause(job.timing.dialMs - job.timing.joinMs, stop))) return;
  job.leaveRoom();
  if (course.error === 'exit status 2') job.row.die('exit status 2');
  else job.row.fail(course.code, course.error);
}

async function runSocket(job: JobContext, course: SocketCourse, tools: CourseTools): Promise<void> {
  const stop = AbortSignal.any([job.ending, job.killed]);
  const found = await findOrFail(job, course.source, tools, stop);
  if (!found) return;
  const people = await tools.rooms.people(job.room);
  if (course.source.kind === 'tracks' && found.names.trackType === 'video') {
    if (!(await pause(job.timing.dialMs, stop))) return;
    job.leaveRoom();
    const track = people.flatMap((person) => person.tracks).find(({ sid }) => sid === found.names.trackId);
    job.row.fail(400, `format websocket incompatible with codec ${(track?.mimeType ?? '').toLowerCase()}`);
    return;
  }
  tools.onSource(found);
  const mutes = watchMutes(job, found, people, tools.rooms);
  try {
    await tools.gates.pass('starting', stop);
    await runTrackSocket(job, {
      url: course.url,
      sound: soundOf(job.show, job.room, found),
      isMuted: () => mutes.isMuted,
      onMuted: mutes.onMuted,
      onOpen: (breakConnection) => tools.onSocket(breakConnection),
      untilEndMayBeTold: () => tools.gates.pass('ending', job.killed),
    });
  } finally {
    mutes.stop();
  }
}

async function runEncodedCourse(job: JobContext, course: EncodedCourse, tools: CourseTools): Promise<void> {
  const { timing } = job;
  const stop = AbortSignal.any([job.ending, job.killed]);
  const startMs = { chrome: timing.chromeMs, mixer: timing.mixerMs, compose: timing.composeMs, track: timing.trackMs };
  const { source } = course;
  // Chrome and the mixer start first and then wait for somebody; the others look for their people first.
  const isRoom = source.kind === 'room';
  if (source.kind === 'page' && !(await loadPage(job, source, stop))) return;
  const before = isRoom ? null : await findOrFail(job, source, tools, stop);
  if (!isRoom && !before) return;
  if (!(await pause(startMs[course.start], stop))) return;
  const found = before ?? (await find(job, source, tools, stop, Infinity));
  if (!found) return;
  tools.onSource(found);
  await tools.gates.pass('starting', stop);
  if (stop.aborted) return;
  const { ffmpeg } = tools;
  if (!ffmpeg) {
    job.leaveRoom();
    return job.row.fail(500, 'could not create element: x264enc');
  }
  const folder = join(tools.workFolder(), job.row.id);
  mkdirSync(folder);
  try {
    await runEncoded(job, course, found, { ...tools, ffmpeg, folder });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Looks for the source for the measured half minute; says in egress's words what is missing. */
async function findOrFail(
  job: JobContext,
  source: Source,
  tools: CourseTools,
  signal: AbortSignal,
): Promise<FoundSource | undefined> {
  const found = await find(job, source, tools, signal, job.timing.findMs);
  if (found || signal.aborted) return signal.aborted ? undefined : found;
  const people = await tools.rooms.people(job.room);
  job.leaveRoom();
  job.row.fail(404, notFound(source, people));
  return undefined;
}

async function find(
  job: JobContext,
  source: Source,
  tools: CourseTools,
  signal: AbortSignal,
  limitMs: number,
): Promise<FoundSource | undefined> {
  const untilMs = job.now() + limitMs;
  for (;;) {
    const found = findSource(source, source.kind === 'page' ? [] : await tools.rooms.people(job.room));
    if (found) return found;
    if (job.now() >= untilMs || !(await pause(Math.min(200, untilMs - job.now()), signal))) return undefined;
  }
}

interface Mutes {
  readonly isMuted: boolean;
  readonly onMuted: (listener: (isMuted: boolean) => void) => () => void;
  stop(): void;
}

/** Egress says "muted" while any one of the voices is, without naming it. */
function watchMutes(
  job: JobContext,
  found: FoundSource,
  people: readonly ParticipantInfo[],
  rooms: EgressRooms,
): Mutes {
  const microphoneOf = (person: ParticipantInfo) => person.tracks.find((track) => track.type === TrackType.AUDIO);
  const isHeard = (identity: string): boolean =>
    found.voices([{ identity }]).some((voice) => voice.identity === identity);
  const muted = new Set(
    people.filter((person) => isHeard(person.identity) && microphoneOf(person)?.muted).map(({ identity }) => identity),
  );
  const listeners = new Set<(isMuted: boolean) => void>();
  const stop = rooms.onChange((change) => {
    const { identity } = change.participant ?? {};
    if (change.room.name !== job.room || identity === undefined || !isHeard(identity)) return;
    const before = muted.size > 0;
    if (change.type === 'participant_left') muted.delete(identity);
    else if (change.type === 'track_muted' && change.track?.type === TrackType.AUDIO) {
      if (change.track.muted) muted.add(identity);
      else muted.delete(identity);
    } else return;
    const now = muted.size > 0;
    if (now !== before) for (const listener of listeners) listener(now);
  });
  return {
    get isMuted() {
      return muted.size > 0;
    },
    onMuted: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    stop,
  };
}
