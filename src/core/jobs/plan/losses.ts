import { goesToSocket, type JobRequest, outputsOf } from '../../../shared/model/job-request.ts';
import { isOnlyStream } from '../../../shared/model/streaming.ts';
import { hasPicture, type Room } from './describe.ts';

/** What the desk does not do of what was asked: it records the sound of the room, and nothing else. */
export function lossesAtDesk(request: JobRequest, room: Room): readonly string[] {
  if (request.kind === 'room-sound') return [];
  const lost: string[] = [];
  if (request.kind === 'web') lost.push('The web page is not recorded, only the sound of the room.');
  else if (hasPicture(request, room)) lost.push('The picture is not recorded.');
  const outputs = outputsOf(request);
  if (outputs?.stream && outputs.stream.destinationIds.length > 0) lost.push('Nothing is sent to the addresses.');
  if (outputs?.segments) lost.push('There are no HLS segments.');
  if (outputs && outputs.images.length > 0) lost.push('There are no images.');
  if (goesToSocket(request)) lost.push('Nothing is sent to the WebSocket.');
  return lost;
}

/** What the chosen kind itself leaves out, while egress does it. */
export function lossesAtEgress(request: JobRequest, room: Room): readonly string[] {
  switch (request.kind) {
    case 'participant': {
      const others = room.people.filter((person) => person.identity !== request.identity).length;
      return others > 0 ? [`The other ${others === 1 ? 'person is' : `${others} people are`} not in it.`] : [];
    }
    case 'track':
    case 'track-composite':
      return room.people.length > 1 ? ['Everybody else is not in it.'] : [];
    case 'media':
      return request.audio.by === 'everybody' && request.output.to === 'websocket'
        ? ['Who speaks is not told: it is one mix, and loud talkers at once may clip.']
        : [];
    case 'room-composite':
    case 'template':
      return request.tracks !== 'audio' && !isOnlyStream(request)
        ? ['Single voices cannot be taken out of the mix later.']
        : [];
    case 'web':
    case 'room-sound':
      return [];
  }
}
