import type { JobRequest } from '../../../shared/model/job-request.ts';
import { isRunning, type JobWarning } from '../../../shared/model/job.ts';
import { goesTo } from '../egress-words.ts';
import { deskIsOver } from '../job-state.ts';
import { blackWarning } from './black.ts';
import type { JobFacts } from './facts.ts';
import { sameName } from './same-name.ts';
import { watchTiming, type WatchTiming } from './timing.ts';

/** What does not go as it should, in words, with what can be done. Pure; the same facts give the same warnings. */
export function warningsOf(facts: JobFacts, timing: WatchTiming = watchTiming): readonly JobWarning[] {
  const { job } = facts;
  if (!isRunning(job) || job.phase === 'armed') return [];
  const gone = workerGone(facts);
  if (gone) return [gone];
  return [
    hangsStarting(facts, timing),
    hangsEnding(facts, timing),
    orphan(facts, timing),
    deskAway(facts, timing),
    still(facts, timing),
    silent(facts, timing),
    blackWarning(facts),
    sameName(facts),
  ].filter((warning) => warning !== null);
}

const seconds = (ms: number): string => `${Math.round(ms / 1_000)} s`;
/** The desk can stand in only where there is a room, and it does not record already. */
const recordHere = ({ job }: JobFacts): JobWarning['steps'] =>
  job.roomName !== '' && deskIsOver(job.desk) && job.stopAskedAtMs === null ? ['record-here'] : [];

function workerGone(facts: JobFacts): JobWarning | null {
  const { job, stopRefused } = facts;
  if (job.stopAskedAtMs === null || job.egress.at === 'ended') return null;
  if (stopRefused?.code !== 'worker-gone' && stopRefused?.code !== 'worker-silent') return null;
  return {
    code: 'worker-gone',
    sinceMs: job.stopAskedAtMs,
    text: `The worker that ran it does not answer: ${stopRefused.said ?? stopRefused.text}`,
    advice:
      'Stop is asked for again by itself. If the worker is gone, nothing stops the job and the server keeps its row for ever: forget it, unless its file still grows.',
    steps: ['forget'],
  };
}

function hangsStarting(facts: JobFacts, timing: WatchTiming): JobWarning | null {
  const { job, atMs } = facts;
  if (job.egress.at !== 'starting' || job.stopAskedAtMs !== null) return null;
  // When others asked for theirs only the clock of the worker says, which may be another.
  const sinceMs = job.startedBy === 'elsewhere' ? job.phaseAtMs : job.requestedAtMs;
  if (atMs - sinceMs < timing.startsWithinMs[job.request.kind]) return null;
  const { cause, advice } = whyStarting(facts);
  const text = `Has been starting for longer than is usual, ${seconds(timing.startsWithinMs[job.request.kind])}. ${cause}`;
  return { code: 'starting', sinceMs, text, advice, steps: [...recordHere(facts), 'retry'] };
}

function whyStarting({ job, room }: JobFacts): { readonly cause: string; readonly advice: string } {
  const { request } = job;
  const tracks = room.people?.flatMap((person) => person.tracks) ?? null;
  const wait = 'It begins by itself as soon as that changes.';
  const givesUp = 'Egress gives up after 30 s.';
  switch (request.kind) {
    case 'participant':
      if (room.people?.every((person) => person.identity !== request.identity))
        return { cause: `${request.identity} is not in the room.`, advice: givesUp };
      break;
    case 'track':
    case 'track-composite': {
      const wanted = request.kind === 'track' ? [request.trackSid] : [request.audioTrackSid, request.videoTrackSid];
      const isMissing = wanted.some((sid) => sid !== null && tracks?.every((track) => track.sid !== sid));
      if (isMissing) return { cause: 'A track that it wants is not published.', advice: givesUp };
      break;
    }
    case 'web':
      return request.awaitStartSignal
        ? { cause: 'The page has not said that it is ready (START_RECORDING in its console).', advice: wait }
        : { cause: 'The page may load slowly, or not at all.', advice: 'Open the page in a browser.' };
    case 'room-composite':
    case 'template':
    case 'media':
    case 'room-sound':
      if (room.people?.length === 0) return { cause: 'Nobody is in the room.', advice: wait };
      if (tracks?.every((track) => track.kind === 'data')) return { cause: 'Nobody publishes.', advice: wait };
  }
  return {
    cause: 'Nothing here says why; its worker may have too much to do.',
    advice: deskIsOver(job.desk) ? 'Start it again, or record here.' : 'The sound is kept here; start it again.',
  };
}

function hangsEnding(facts: JobFacts, timing: WatchTiming): JobWarning | null {
  const { job, atMs } = facts;
  const isEnding = job.egress.at === 'ending';
  if (!isEnding && (job.stopAskedAtMs === null || job.egress.at !== 'active')) return null;
  const sinceMs = job.stopAskedAtMs ?? job.phaseAtMs;
  if (atMs - sinceMs < timing.endsWithinMs) return null;
  return {
    code: 'ending',
    sinceMs,
    text: isEnding
      ? 'Has been ending for long: the upload is slow, or its storage does not answer.'
      : 'Was asked to stop and still runs.',
    advice: isEnding
      ? 'A storage that is dead is given up after some 15 s, and a large file takes its time. Forget it only if nothing comes any more.'
      : 'The server is asked again while it cannot be reached. If its worker is gone, forget it.',
    steps: ['forget'],
  };
}

function orphan(facts: JobFacts, timing: WatchTiming): JobWarning | null {
  const { job, orphanSinceMs, atMs } = facts;
  if (job.egress.at !== 'active' || orphanSinceMs === null || atMs - orphanSinceMs < timing.orphanAfterMs) return null;
  return {
    code: 'orphan',
    sinceMs: orphanSinceMs,
    text: 'The server says that it runs, but its recorder is not in the room: its worker was probably killed.',
    advice: 'What was recorded so far may be lost. Record here now, or start it again; then forget this row.',
    steps: [...recordHere(facts), 'retry', 'forget'],
  };
}

/** A recording here that hears nothing, because this computer is not in the room. */
function deskAway({ job, deskAwaySinceMs, atMs }: JobFacts, timing: WatchTiming): JobWarning | null {
  if (deskAwaySinceMs === null || job.stopAskedAtMs !== null) return null;
  if (atMs - deskAwaySinceMs < timing.deskAwayAfterMs) return null;
  const isIn = job.desk.at === 'recording';
  return {
    code: 'desk-away',
    sinceMs: deskAwaySinceMs,
    text: isIn
      ? 'The connection to the room is lost, or the room was ended: the recording here gets no sound.'
      : 'This computer does not come into the room: nothing is recorded here yet.',
    advice: `It is tried again by itself. Look at the network: sound takes other ports of the server than the list of rooms.${isIn ? ' What is missing is dated once it is back.' : ''}`,
    steps: [],
  };
}

function still({ job, outputs, ...facts }: JobFacts, timing: WatchTiming): JobWarning | null {
  if (job.egress.at !== 'active' || job.stopAskedAtMs !== null) return null;
  for (const { what, everyMs, newAtMs, lookedAtMs } of outputs.growing) {
    const limitMs = Math.max(timing.stillAfterMs, 4 * everyMs);
    if (lookedAtMs - newAtMs < limitMs) continue;
    return {
      code: 'still',
      sinceMs: newAtMs,
      text: `No new ${what} has come into the storage for longer than it takes, ${seconds(limitMs)}.`,
      advice: 'The storage may refuse, or the worker hang. Record here now, or start it again.',
      steps: [...recordHere({ job, outputs, ...facts }), 'retry'],
    };
  }
  return null;
}

function silent(facts: JobFacts, timing: WatchTiming): JobWarning | null {
  const { job, room, atMs } = facts;
  const isRunning = job.egress.at === 'active' || job.desk.at === 'recording';
  if (!isRunning || job.stopAskedAtMs !== null || room.heardAtMs === null) return null;
  if (!hasSound(job.request) || atMs - room.heardAtMs < timing.silentAfterMs) return null;
  return {
    code: 'silent',
    sinceMs: room.heardAtMs,
    text: `The room has been silent for longer than ${seconds(timing.silentAfterMs)}.`,
    advice: 'Look at the meters: somebody may be muted, or the desk of the hall may be off.',
    steps: [],
  };
}

/** A page is in no room, and one track may be a picture. */
function hasSound(request: JobRequest): boolean {
  if (goesTo(request) === 'images') return false;
  switch (request.kind) {
    case 'room-composite':
    case 'template':
      return request.tracks !== 'video';
    case 'media':
      return request.audio.by !== 'none';
    case 'track-composite':
      return request.audioTrackSid !== null;
    case 'participant':
    case 'room-sound':
      return true;
    case 'web':
    case 'track':
      return false;
  }
}
