import type { JobRequest } from '../../../shared/model/job-request.ts';
import type { JobWarning } from '../../../shared/model/job.ts';
import type { JobFacts, RoomFacts } from './facts.ts';

/** That the picture of a job is black, and why where the room tells it. */
export function blackWarning({ job, room, outputs: { blackSinceMs } }: JobFacts): JobWarning | null {
  if (job.egress.at !== 'active' || job.stopAskedAtMs !== null || blackSinceMs === null) return null;
  const { cause, advice } = whyBlack(job.request, room.people);
  return { code: 'black', sinceMs: blackSinceMs, text: `The picture is black. ${cause}`.trim(), advice, steps: [] };
}

type Why = { readonly cause: string; readonly advice: string };
const unseen: Why = {
  cause: '',
  advice: 'Look at the room: a camera may be covered, or a screen that is shared be empty.',
};

/** A camera that is muted makes a black picture as it should: then that is said. */
function whyBlack(request: JobRequest, people: RoomFacts['people']): Why {
  if (request.kind === 'web') return { cause: '', advice: 'Open the page in a browser.' };
  if (people === null) return unseen;
  const [owner, tracks] = picturesOf(request, people);
  const whose = owner === null ? 'in the room' : `of ${owner}`;
  const advice = 'It is as the room is. If somebody should be seen, ask them to switch their camera on.';
  if (tracks.length === 0) return { cause: `No camera and no screen ${whose} is published.`, advice };
  if (tracks.every(({ isMuted }) => isMuted)) return { cause: `Every camera and screen ${whose} is muted.`, advice };
  return unseen;
}

type Track = NonNullable<RoomFacts['people']>[number]['tracks'][number];

/** What a job shows of the people, and whose it is where it is one person's. */
function picturesOf(
  request: JobRequest,
  people: NonNullable<RoomFacts['people']>,
): readonly [owner: string | null, tracks: readonly Track[]] {
  const [identity, sid] = pickedOf(request);
  const owner = identity ?? people.find((person) => person.tracks.some((track) => track.sid === sid))?.identity ?? null;
  const from = owner === null ? people : people.filter((person) => person.identity === owner);
  const pictures = from.flatMap((person) => person.tracks).filter(({ kind }) => kind === 'video');
  return [owner, sid === null ? pictures : pictures.filter((track) => track.sid === sid)];
}

/** The one person or the one track that a request shows; neither: everybody. */
function pickedOf(request: JobRequest): readonly [identity: string | null, trackSid: string | null] {
  if (request.kind === 'participant') return [request.identity, null];
  if (request.kind === 'track-composite') return [null, request.videoTrackSid];
  if (request.kind !== 'media' || request.video.by === 'none') return [null, null];
  return request.video.by === 'track' ? [null, request.video.trackSid] : [request.video.identity, null];
}
