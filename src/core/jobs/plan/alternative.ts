import type { JobPlan } from '../../../shared/model/job.ts';
import { outputsOf } from '../../../shared/model/job-request.ts';
import { fits } from './comparison.ts';
import { hasPicture } from './describe.ts';
import type { PlanInput } from './input.ts';

/** One other way worth knowing of, given what the plan is; null where the plan is the best there is. */
export function alternativeTo(verdict: JobPlan['verdict'], input: PlanInput): string | null {
  const { request, sessions, server } = input;
  if (verdict === 'none') return null;
  const speaking = input.people.flatMap(({ tracks }) => tracks).filter(({ kind }) => kind === 'audio').length;
  if (verdict === 'desk') {
    if (request.kind === 'room-sound')
      return fits(1, input) === false
        ? null
        : 'With a picture, or without this computer: room composite, one egress session.';
    if (server.egress === 'absent') return 'For a picture, start an egress worker at this server.';
    if (fits(1, input) === false)
      return `For ${hasPicture(request, input) ? 'the picture' : 'egress'}, stop one of the ${sessions.inUse ?? 0} jobs of egress first, or raise the limit.`;
    return null;
  }
  switch (request.kind) {
    case 'track':
    case 'track-composite':
    case 'participant':
      if (speaking > 1 && request.kind === 'track' && request.output.to === 'websocket')
        return `For the ${speaking} voices of the room: media with everybody’s sound takes 1 session instead of ${speaking}, or the direct feed none.`;
      return 'To keep everybody: room composite, one session; or here, sound only, one file each and no session.';
    case 'media':
      return request.video.by === 'none'
        ? 'The direct feed brings the sound 2.8 s earlier, one voice each, and takes no session.'
        : 'For the whole room in one picture: room composite.';
    case 'room-composite':
    case 'template':
      if (request.tracks === 'audio')
        return 'Here, the sound is kept with one file for each person, without a session.';
      return outputsOf(request)?.stream
        ? null
        : 'For one file a person besides, record the sound here too; it takes no session.';
    case 'web':
      return null;
    case 'room-sound':
      return null;
  }
}
