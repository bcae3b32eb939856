import type { EgressRequest, Outputs } from '../../../shared/model/job-request.ts';
import { dialAddress } from './address.ts';
import { encodingFields } from './encoding.ts';
import { message, type EgressCall, type Fields } from './forms.ts';
import { outputsV1 } from './outputs.ts';
import type { RequestSecrets } from './secrets.ts';
import { placed } from './storage.ts';
import { baseUrl, onlyFields } from './source.ts';

type Kind<K extends EgressRequest['kind']> = Extract<EgressRequest, { kind: K }>;
type Media = Kind<'media'>;

const mixings = {
  default: undefined,
  'dual-channel-agent': 'DUAL_CHANNEL_AGENT',
  'dual-channel-alternate': 'DUAL_CHANNEL_ALTERNATE',
} as const;

/** The older call that says this; undefined where none does. */
export function formV1(roomName: string, request: EgressRequest, secrets: RequestSecrets): EgressCall | undefined {
  const encoded = (of: { encoding: Kind<'web'>['encoding']; outputs: Outputs }): Fields => ({
    ...encodingFields(of.encoding),
    ...outputsV1(of.outputs, secrets),
  });
  if ('encoding' in request && request.encoding.use === 'pass-through') return undefined;
  switch (request.kind) {
    case 'room-composite':
      return {
        method: 'StartRoomCompositeEgress',
        body: {
          room_name: roomName,
          ...message({
            layout: request.layout,
            ...onlyFields(request.tracks),
            audio_mixing: mixings[request.audioMixing],
            custom_base_url: baseUrl(request.templateId, secrets),
          }),
          ...encoded(request),
        },
      };
    case 'web':
      return {
        method: 'StartWebEgress',
        body: {
          url: dialAddress(secrets, request.pageId, 'page'),
          ...message({ ...onlyFields(request.tracks), await_start_signal: request.awaitStartSignal }),
          ...encoded(request),
        },
      };
    case 'participant':
      return {
        method: 'StartParticipantEgress',
        body: {
          room_name: roomName,
          identity: request.identity,
          ...message({ screen_share: request.screenShare }),
          ...encoded(request),
        },
      };
    case 'track-composite':
      return {
        method: 'StartTrackCompositeEgress',
        body: {
          room_name: roomName,
          ...message({
            audio_track_id: request.audioTrackSid ?? undefined,
            video_track_id: request.videoTrackSid ?? undefined,
          }),
          ...encoded(request),
        },
      };
    case 'track':
      return trackCall(roomName, request, secrets);
    case 'template': {
      if (request.output.to !== 'outputs') return undefined;
      const { layout, tracks, templateId, output } = request;
      const { encoding, outputs } = output;
      return formV1(
        roomName,
        { kind: 'room-composite', layout, tracks, templateId, audioMixing: 'default', encoding, outputs },
        secrets,
      );
    }
    case 'media': {
      const older = olderKind(request);
      return older && formV1(roomName, older, secrets);
    }
  }
}

function trackCall(roomName: string, { trackSid, output }: Kind<'track'>, secrets: RequestSecrets): EgressCall {
  if (output.to === 'file') {
    const { path, storage } = placed(output.filePath, output.storageId, secrets);
    const file = { ...message({ filepath: path, disable_manifest: !output.hasManifest }), ...storage };
    return { method: 'StartTrackEgress', body: { room_name: roomName, track_id: trackSid, file } };
  }
  const websocket_url = dialAddress(secrets, output.destinationId, 'websocket');
  return { method: 'StartTrackEgress', body: { room_name: roomName, track_id: trackSid, websocket_url } };
}

/**
 * The older kind that says the same as picked media: fixed tracks, one track to a WebSocket, or one person with the sound of
 * that person. The last differs in one thing: the older kind ends when the person leaves. Groups on left and right, a whole
 * room's sound, and tracks as they come have no older form.
 */
function olderKind({ video, audio, output }: Media): Exclude<EgressRequest, Media> | undefined {
  const route = audio.by === 'routes' && audio.routes.length === 1 ? audio.routes[0] : undefined;
  const heard = route?.channel === 'both' ? route.match : undefined;
  if (audio.by !== 'none' && !heard) return undefined;
  if (output.to === 'websocket')
    return video.by === 'none' && heard?.by === 'track'
      ? { kind: 'track', trackSid: heard.trackSid, output }
      : undefined;
  const { encoding, outputs } = output;
  if (video.by === 'participant')
    return heard?.by === 'identity' && heard.identity === video.identity && !video.preferScreenShare
      ? { kind: 'participant', identity: video.identity, screenShare: false, encoding, outputs }
      : undefined;
  if (heard && heard.by !== 'track') return undefined;
  return {
    kind: 'track-composite',
    audioTrackSid: heard?.trackSid ?? null,
    videoTrackSid: video.by === 'track' ? video.trackSid : null,
    encoding,
    outputs,
  };
}
