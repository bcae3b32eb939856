import { type EgressRequest, goesToSocket, outputsOf } from '../../../shared/model/job-request.ts';
import { counted } from '../../../shared/text/figures.ts';
import type { PlanInput } from './input.ts';

/** Who is in the room. */
export type Room = Pick<PlanInput, 'people'>;

export const people = (count: number): string => counted(count, 'person', 'people');

const parts = { both: 'Picture and sound', audio: 'Sound', video: 'Picture' } as const;
const kinds = { standard: 'everybody', agent: 'agents', sip: 'callers', ingress: 'ingress' } as const;

/** Who and what is in it: "Picture and sound of 6 people". */
export function whatOf(request: EgressRequest, room: Room): string {
  const nameOf = (identity: string): string =>
    room.people.find((person) => person.identity === identity)?.name || identity;
  switch (request.kind) {
    case 'room-composite':
    case 'template':
      return `${parts[request.tracks]} of ${people(room.people.length)}`;
    case 'web':
      return `${parts[request.tracks]} of a web page`;
    case 'participant':
      return `${request.screenShare ? 'Screen share' : 'Camera and microphone'} of ${nameOf(request.identity)}`;
    case 'track-composite':
      return request.audioTrackSid && request.videoTrackSid
        ? 'One picture and one sound'
        : request.audioTrackSid
          ? `One sound, of ${ownerOf(request.audioTrackSid, room)}`
          : `One picture, of ${ownerOf(request.videoTrackSid ?? '', room)}`;
    case 'track':
      return `One track, of ${ownerOf(request.trackSid, room)}`;
    case 'media': {
      const { video, audio } = request;
      const picture =
        video.by === 'none'
          ? null
          : `picture of ${video.by === 'track' ? ownerOf(video.trackSid, room) : nameOf(video.identity)}`;
      const sound =
        audio.by === 'none'
          ? null
          : audio.by === 'everybody'
            ? 'sound of everybody'
            : `sound of ${audio.routes
                .map(({ match, channel }) => {
                  const whose =
                    match.by === 'track'
                      ? ownerOf(match.trackSid, room)
                      : match.by === 'identity'
                        ? nameOf(match.identity)
                        : kinds[match.participantKind];
                  return channel === 'both' ? whose : `${whose} at the ${channel}`;
                })
                .join(', ')}`;
      return capital([picture, sound].filter((part) => part !== null).join(' and ') || 'nothing');
    }
  }
}

/** Where it goes: "a file, 2 RTMP addresses, images every 10 s". */
export function whereOf(request: EgressRequest): string {
  if (request.kind === 'track')
    return request.output.to === 'websocket' ? 'a WebSocket, as PCM' : 'a file, the picture as it comes';
  if (goesToSocket(request)) return 'a WebSocket, as PCM';
  const outputs = outputsOf(request);
  if (!outputs) return 'nowhere';
  const { file, stream, segments, images } = outputs;
  const all = [
    file && (file.fileType === 'default' ? 'a file' : `a file, ${file.fileType.toUpperCase()}`),
    segments && `HLS segments of ${segments.segmentDurationS} s`,
    stream &&
      counted(
        stream.destinationIds.length,
        `${stream.protocol.toUpperCase()} address`,
        `${stream.protocol.toUpperCase()} addresses`,
      ),
    ...images.map(({ captureIntervalS }) => `images every ${captureIntervalS} s`),
  ].filter((part) => part !== null);
  return all.join('; ') || 'nowhere';
}

/** What a producer can do while it runs. */
export function controlOf(request: EgressRequest): string {
  const can: string[] = [];
  if (outputsOf(request)?.stream) can.push('addresses can be added and removed');
  if (request.kind === 'room-composite' || request.kind === 'template')
    can.push(
      request.templateId === null && request.tracks !== 'audio'
        ? 'the stock template ignores a change of layout'
        : request.tracks === 'audio'
          ? 'people come and go in the mix'
          : 'the layout can be changed where the template listens',
    );
  return capital([...can, 'stop'].join('; '));
}

/** It ends with somebody, not with the show. */
export function endsWith(request: EgressRequest): string | null {
  switch (request.kind) {
    case 'participant':
      return 'It ends when this person leaves, and does not begin again when they come back.';
    case 'track':
    case 'track-composite':
      return 'It ends when its tracks end: a new share or a rejoin is another track.';
    case 'room-composite':
    case 'template':
    case 'web':
    case 'media':
      return null;
  }
}

/** Picture or sound that this request asks for; the desk keeps only sound. */
export function hasPicture(request: EgressRequest, room: Room): boolean {
  switch (request.kind) {
    case 'room-composite':
    case 'template':
    case 'web':
      return request.tracks !== 'audio';
    case 'participant':
      return true;
    case 'track-composite':
      return request.videoTrackSid !== null;
    case 'track':
      return trackOf(request.trackSid, room)?.kind === 'video';
    case 'media':
      return request.video.by !== 'none';
  }
}

function trackOf(sid: string, room: Room) {
  return room.people.flatMap((person) => person.tracks).find((track) => track.sid === sid);
}
function ownerOf(sid: string, room: Room): string {
  const owner = room.people.find((person) => person.tracks.some((track) => track.sid === sid));
  return owner ? owner.name || owner.identity : 'a track that is not there now';
}
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
