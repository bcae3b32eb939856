import { type ParticipantInfo, TrackType } from '@livekit/protocol';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Ffmpeg } from '../ffmpeg.ts';
import type { RoomChange } from '../livekit/rooms.ts';
import { pause } from '../pause.ts';
import type { Course } from './course.ts';
import { placeIn } from './file-name.ts';
import type { JobContext } from './job.ts';
import { runRoomComposite } from './room-composite.ts';
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
  /** A folder on the same disk as the files, made when first needed. */
  workFolder(): string;
  /** Told whose microphone the job takes, and how to break its connection. */
  onSource(identity: string): void;
  onSocket(breakConnection: () => void): void;
}

/** Plays the course of one accepted egress to its end. */
export async function runCourse(job: JobContext, course: Course, tools: CourseTools): Promise<void> {
  if (course.kind === 'failing') await runFailing(job, course, tools);
  else if (course.kind === 'trackSocket') await runTrack(job, course, tools);
  else await runComposite(job, course, tools);
}

/** Whether a change concerns this person's microphone. */
export function isMicrophoneOf(change: RoomChange, identity: string | null): boolean {
  // By person and not by sid: with a server behind, the same microphone has another sid there than in the scene.
  return change.track?.type === TrackType.AUDIO && change.participant?.identity === identity;
}

type Failing = Extract<Course, { kind: 'failing' }>;
type Track = Extract<Course, { kind: 'trackSocket' }>;
type Composite = Extract<Course, { kind: 'composite' }>;

async function runFailing(job: JobContext, course: Failing, tools: CourseTools): Promise<void> {
  const stop = AbortSignal.any([job.ending, job.killed]);
  const { needs } = course;
  const isThere = (people: readonly ParticipantInfo[]): true | undefined => {
    if (needs.kind === 'nothing') return true;
    if (needs.kind === 'person') return people.some((person) => person.identity === needs.identity) || undefined;
    return people.some((person) => person.tracks.some((track) => track.sid === needs.sid)) || undefined;
  };
  const found = await find(job, tools, isThere, stop, job.timing.findMs);
  if (stop.aborted || !(await pause(job.timing.dialMs - job.timing.joinMs, stop))) return;
  job.leaveRoom();
  if (found && course.error === 'exit status 2') job.row.die('exit status 2');
  else if (found) job.row.fail(course.code, course.error);
  else if (needs.kind === 'track') job.row.fail(404, `track ${needs.sid} not found`);
  else if (needs.kind === 'person') job.row.fail(404, `participant ${needs.identity} not found`);
}

async function runTrack(job: JobContext, course: Track, tools: CourseTools): Promise<void> {
  const stop = AbortSignal.any([job.ending, job.killed]);
  const pick = (people: readonly ParticipantInfo[]) =>
    people
      .flatMap((person) => person.tracks.map((track) => ({ identity: person.identity, track })))
      .find(({ track }) => track.sid === course.trackSid);
  const found = await find(job, tools, pick, stop, job.timing.findMs);
  if (stop.aborted) return;
  if (!found || found.track.type !== TrackType.AUDIO) {
    if (found && !(await pause(job.timing.dialMs, stop))) return;
    job.leaveRoom();
    if (found) job.row.fail(400, `format websocket incompatible with codec ${found.track.mimeType.toLowerCase()}`);
    else job.row.fail(404, `track ${course.trackSid} not found`);
    return;
  }
  const { identity } = found;
  tools.onSource(identity);
  let isMuted = found.track.muted;
  const onMuted = (listener: (muted: boolean) => void): (() => void) =>
    tools.rooms.onChange((change) => {
      const isHere = change.room.name === job.room && isMicrophoneOf(change, identity);
      if (change.type === 'track_muted' && isHere) listener(change.track?.muted ?? false);
    });
  const stopMutes = onMuted((muted) => (isMuted = muted));
  try {
    await runTrackSocket(job, {
      url: course.url,
      identity,
      isMuted: () => isMuted,
      onMuted,
      onOpen: (breakConnection) => tools.onSocket(breakConnection),
    });
  } finally {
    stopMutes();
  }
}

async function runComposite(job: JobContext, course: Composite, tools: CourseTools): Promise<void> {
  const folder = join(tools.workFolder(), job.row.id);
  mkdirSync(folder);
  const isThere = (people: readonly ParticipantInfo[]): true | undefined =>
    people.some((person) => person.isPublisher) || undefined;
  try {
    await runRoomComposite(job, {
      ffmpeg: tools.ffmpeg,
      workFolder: folder,
      place: placeIn(tools.filesFolder, job.row.info.fileResults[0]?.filename ?? ''),
      hasPicture: course.hasPicture,
      needsChrome: course.needsChrome,
      withManifest: course.withManifest,
      untilSomebody: async (signal) => void (await find(job, tools, isThere, signal, Infinity)),
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Looks until `pick` finds something; undefined after the limit, or when told to stop. */
async function find<T>(
  job: JobContext,
  tools: CourseTools,
  pick: (people: readonly ParticipantInfo[]) => T | undefined,
  signal: AbortSignal,
  limitMs: number,
): Promise<T | undefined> {
  const untilMs = job.now() + limitMs;
  for (;;) {
    const found = pick(await tools.rooms.people(job.room));
    if (found !== undefined) return found;
    if (job.now() >= untilMs || !(await pause(Math.min(200, untilMs - job.now()), signal))) return undefined;
  }
}
