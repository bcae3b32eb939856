import { JobRequest } from '../../../../shared/model/job-request.ts';
import { canMixChannels, isToWebsocket, type AudioRoute, type JobKind, type StartChoice } from './start-choice.ts';
import { isGoodTiming } from '../../../../shared/model/timing.ts';
import type { StartOrder } from '../jobs/use-job-commands.ts';

type Of<K extends JobKind> = Extract<JobRequest, { kind: K }>;

/** What the panel still needs before there is a request. */
export type Missing =
  | 'page'
  | 'person'
  | 'track'
  | 'tracks'
  | 'video-track'
  | 'sources'
  | 'routes'
  | 'outputs'
  | 'address'
  | 'websocket'
  | 'figures';

export interface Ordered {
  /** Null while something is missing. */
  readonly order: StartOrder | null;
  readonly missing: readonly Missing[];
}

/** The order that the panel stands for, with only the fields that its kind has. */
export function orderOf(choice: StartChoice): Ordered {
  const missing = missingOf(choice);
  if (missing.length > 0) return { order: null, missing };
  const mode = choice.kind === 'room-sound' ? 'desk-only' : choice.mode;
  const request = JobRequest.safeParse(requestOf(choice)); // the contract's own ranges: figures that are being typed
  if (!isGoodTiming(choice.timing)) return { order: null, missing: ['figures'] };
  return request.success ? { order: { mode, request: request.data }, missing } : { order: null, missing: ['figures'] };
}

function missingOf(choice: StartChoice): Missing[] {
  const { kind } = choice;
  if (kind === 'room-sound') return [];
  const lacks: [Missing, boolean][] = [
    ['page', kind === 'web' && choice.pageId === null],
    ['person', choice.identity === null && (kind === 'participant' || usesPerson(choice))],
    ['track', kind === 'track' && choice.trackSid === null],
    ['tracks', kind === 'track-composite' && choice.audioTrackSid === null && choice.videoTrackSid === null],
    ['video-track', kind === 'media' && choice.videoBy === 'track' && choice.videoTrackSid === null],
    ['sources', kind === 'media' && videoOf(choice).by === 'none' && choice.audioBy === 'none'],
    ['routes', kind === 'media' && choice.audioBy === 'routes' && !areComplete(choice.routes)],
    ['websocket', isToWebsocket(choice) && choice.websocketId === null],
  ];
  const outputs = isToWebsocket(choice) ? [] : missingOutputs(choice);
  return [...lacks.flatMap(([what, isMissing]) => (isMissing ? [what] : [])), ...outputs];
}

const usesPerson = (choice: StartChoice): boolean => choice.kind === 'media' && videoOf(choice).by === 'participant';

function missingOutputs({ kind, outputs }: StartChoice): Missing[] {
  if (kind === 'track') return outputs.file === null ? ['outputs'] : [];
  const { file, segments, stream, images } = outputs;
  const others = file !== null || segments !== null || images.length > 0;
  if (stream === null) return others ? [] : ['outputs'];
  return stream.destinationIds.length === 0 && !others ? ['address'] : []; // beside another output, addresses may follow
}

export const isComplete = ({ match }: AudioRoute): boolean =>
  match.by === 'kind' || (match.by === 'track' ? match.trackSid !== '' : match.identity !== '');
const areComplete = (routes: readonly AudioRoute[]): boolean => routes.length > 0 && routes.every(isComplete);

/** Call it with nothing missing. */
function requestOf(choice: StartChoice): JobRequest {
  const { kind, layout, tracks, templateId } = choice;
  const encoded = { encoding: encodingOf(choice), outputs: choice.outputs };
  switch (kind) {
    case 'room-sound':
      return { kind };
    case 'room-composite': {
      const audioMixing = canMixChannels(choice) ? choice.audioMixing : 'default';
      return { kind, layout, tracks, audioMixing, templateId, ...encoded };
    }
    case 'template':
      // To a WebSocket only sound goes, and only where it is mixed without a browser.
      return isToWebsocket(choice)
        ? { kind, layout: '', tracks: 'audio', templateId: null, output: sinkOf(choice) }
        : { kind, layout, tracks, templateId, output: sinkOf(choice) };
    case 'web':
      return { kind, pageId: choice.pageId ?? '', tracks, awaitStartSignal: choice.awaitStartSignal, ...encoded };
    case 'participant':
      return { kind, identity: choice.identity ?? '', screenShare: choice.screenShare, ...encoded };
    case 'track-composite':
      return { kind, audioTrackSid: choice.audioTrackSid, videoTrackSid: choice.videoTrackSid, ...encoded };
    case 'track':
      return { kind, trackSid: choice.trackSid ?? '', output: trackSinkOf(choice) };
    case 'media':
      return { kind, video: videoOf(choice), audio: audioOf(choice), output: sinkOf(choice) };
  }
}

export function encodingOf({ kind, encoding, preset, advanced }: StartChoice): Of<'room-composite'>['encoding'] {
  if (encoding === 'preset') return { use: encoding, preset };
  if (encoding === 'advanced') return { use: encoding, ...advanced };
  return { use: encoding === 'pass-through' && kind === 'media' ? encoding : 'default' };
}

function sinkOf(choice: StartChoice): Of<'media'>['output'] {
  return isToWebsocket(choice)
    ? { to: 'websocket', destinationId: choice.websocketId ?? '' }
    : { to: 'outputs', encoding: encodingOf(choice), outputs: choice.outputs };
}

function trackSinkOf(choice: StartChoice): Of<'track'>['output'] {
  const { file } = choice.outputs;
  if (isToWebsocket(choice) || file === null) return { to: 'websocket', destinationId: choice.websocketId ?? '' };
  const { filePath, hasManifest, storageId } = file;
  return { to: 'file', filePath, hasManifest, storageId };
}

/** A WebSocket takes sound alone: with a picture the egress worker crashes, so none is asked for. */
function videoOf(choice: StartChoice): Of<'media'>['video'] {
  const by = isToWebsocket(choice) ? 'none' : choice.videoBy;
  if (by === 'track') return { by, trackSid: choice.videoTrackSid ?? '' };
  if (by === 'participant') return { by, identity: choice.identity ?? '', preferScreenShare: choice.screenShare };
  return { by: 'none' };
}

function audioOf({ audioBy, routes }: StartChoice): Of<'media'>['audio'] {
  return audioBy === 'routes' ? { by: audioBy, routes: [...routes] } : { by: audioBy };
}
