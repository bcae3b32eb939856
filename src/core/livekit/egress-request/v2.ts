import type { EgressRequest } from '../../../shared/model/job-request.ts';
import { dialAddress } from './address.ts';
import { encodingFields } from './encoding.ts';
import { message, type EgressForms, type Fields } from './forms.ts';
import { outputsV2 } from './outputs.ts';
import type { RequestSecrets } from './secrets.ts';
import { baseUrl, onlyFields } from './source.ts';

type Kind<K extends EgressRequest['kind']> = Extract<EgressRequest, { kind: K }>;
type Media = Kind<'media'>;
type Route = Extract<Media['audio'], { by: 'routes' }>['routes'][number];

const participantKinds = { standard: 'STANDARD', agent: 'AGENT', sip: 'SIP', ingress: 'INGRESS' } as const;
const channels = { both: undefined, left: 'AUDIO_CHANNEL_LEFT', right: 'AUDIO_CHANNEL_RIGHT' } as const;

/** `StartEgress` where it says exactly this; undefined where only an older call does. */
export function formV2(roomName: string, request: EgressRequest, secrets: RequestSecrets): EgressForms['v2'] {
  const said = saidIn(request, secrets);
  return said && { method: 'StartEgress', body: { room_name: roomName, ...said } };
}

function saidIn(request: EgressRequest, secrets: RequestSecrets): Fields | undefined {
  switch (request.kind) {
    case 'room-composite':
      if (request.audioMixing !== 'default') return undefined;
      return { template: templateFields(request, secrets), ...encodedFields(request, secrets) };
    case 'template':
      return { template: templateFields(request, secrets), ...mediaOutput(request.output, secrets) };
    case 'web':
      return {
        web: {
          url: dialAddress(secrets, request.pageId, 'page'),
          ...message({ ...onlyFields(request.tracks), await_start_signal: request.awaitStartSignal }),
        },
        ...encodedFields(request, secrets),
      };
    case 'media':
      return { media: mediaFields(request), ...mediaOutput(request.output, secrets) };
    case 'track-composite': {
      // Fixed tracks end by themselves only in the older call; as they come they are known to the new one alone.
      if (request.encoding.use !== 'pass-through') return undefined;
      const { audioTrackSid: sound, videoTrackSid: picture } = request;
      const media = message({
        video_track_id: picture ?? undefined,
        audio: sound === null ? undefined : { routes: [{ track_id: sound }] },
      });
      return { media, ...encodedFields(request, secrets) };
    }
    case 'participant':
    case 'track':
      return undefined;
  }
}

function encodedFields(of: Pick<Kind<'web'>, 'encoding' | 'outputs'>, secrets: RequestSecrets): Fields {
  return { ...encodingFields(of.encoding), ...outputsV2(of.outputs, secrets) };
}

function mediaOutput(output: Media['output'], secrets: RequestSecrets): Fields {
  if (output.to === 'outputs') return encodedFields(output, secrets);
  const url = dialAddress(secrets, output.destinationId, 'websocket');
  return { outputs: [{ stream: { protocol: 'WEBSOCKET', urls: [url] } }] };
}

const templateFields = (of: Pick<Kind<'template'>, 'layout' | 'tracks' | 'templateId'>, secrets: RequestSecrets) =>
  message({ layout: of.layout, ...onlyFields(of.tracks), custom_base_url: baseUrl(of.templateId, secrets) });

function mediaFields({ video, audio }: Media): Fields {
  return message({
    video_track_id: video.by === 'track' ? video.trackSid : undefined,
    participant_video:
      video.by === 'participant'
        ? { identity: video.identity, ...message({ prefer_screen_share: video.preferScreenShare }) }
        : undefined,
    audio:
      audio.by === 'none'
        ? undefined
        : audio.by === 'everybody'
          ? { capture_all: true }
          : { routes: audio.routes.map(routeFields) },
  });
}

function routeFields({ match, channel }: Route): Fields {
  return message({
    track_id: match.by === 'track' ? match.trackSid : undefined,
    participant_identity: match.by === 'identity' ? match.identity : undefined,
    participant_kind: match.by === 'kind' ? participantKinds[match.participantKind] : undefined,
    channel: channels[channel],
  });
}
