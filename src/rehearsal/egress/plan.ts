import {
  EgressInfo,
  EgressSourceType,
  type EncodingOptions,
  type ParticipantEgressRequest,
  type RoomCompositeEgressRequest,
  type StartEgressRequest,
  type TrackCompositeEgressRequest,
  type TrackEgressRequest,
  type WebEgressRequest,
} from '@livekit/protocol';
import { checkUpload, compositeCourse, type Course, infoOf, lacking, type Plan } from './course.ts';
import { redactStreams, redactUpload } from './redact.ts';
import { fileResult, streamResult } from './row.ts';
import { planV2 } from './plan-v2.ts';
import {
  checkEncoding,
  checkOutputs,
  checkWebSocketUrl,
  checkWebUrl,
  isMixedWithoutChrome,
  missing,
  outputsOf,
} from './start-request.ts';

export type StartRequest =
  | { readonly kind: 'roomComposite'; readonly value: RoomCompositeEgressRequest }
  | { readonly kind: 'web'; readonly value: WebEgressRequest }
  | { readonly kind: 'participant'; readonly value: ParticipantEgressRequest }
  | { readonly kind: 'trackComposite'; readonly value: TrackCompositeEgressRequest }
  | { readonly kind: 'track'; readonly value: TrackEgressRequest }
  | { readonly kind: 'egress'; readonly value: StartEgressRequest };

/**
 * Checks a Start request as egress does and says how it will go. Throws the TwirpError of the measured 400s. What this
 * simulator cannot make yet fails later in egress's own words for an element that is not there.
 */
export function planStart(request: StartRequest): Plan {
  switch (request.kind) {
    case 'roomComposite':
      return planRoomComposite(request.value);
    case 'web':
      checkWebUrl(request.value.url, 'web url');
      return planEncoded(request, request.value, EgressSourceType.WEB, false, lacking('pulsesrc'));
    case 'participant':
      if (request.value.identity === '') throw missing('identity');
      return planEncoded(request, request.value, EgressSourceType.SDK, false, {
        ...lacking('x264enc'),
        needs: { kind: 'person', identity: request.value.identity },
      });
    case 'trackComposite': {
      const sid = request.value.audioTrackId || request.value.videoTrackId;
      if (sid === '') throw missing('audio_track_id or video_track_id');
      return planEncoded(request, request.value, EgressSourceType.SDK, request.value.videoTrackId === '', {
        ...lacking('x264enc'),
        needs: { kind: 'track', sid },
      });
    }
    case 'track':
      return planTrack(request.value);
    case 'egress':
      return planV2(request.value);
  }
}

function planTrack(request: TrackEgressRequest): Plan {
  const { output, trackId } = request;
  if (output.case === undefined) throw missing('output');
  const info = new EgressInfo({ sourceType: EgressSourceType.SDK, roomName: request.roomName });
  if (output.case === 'websocketUrl') {
    checkWebSocketUrl(output.value);
    info.streamResults = [streamResult(output.value)];
    info.request = { case: 'track', value: request };
    return { info, course: { kind: 'trackSocket', url: output.value, trackSid: trackId } };
  }
  checkUpload(output.value.output);
  const kept = request.clone();
  if (kept.output.case === 'file') redactUpload(kept.output.value.output.value);
  info.request = { case: 'track', value: kept };
  info.fileResults = [fileResult('')];
  return { info, course: { ...lacking('oggmux'), needs: { kind: 'track', sid: trackId } } };
}

function planRoomComposite(request: RoomCompositeEgressRequest): Plan {
  if (request.audioOnly && request.videoOnly) throw missing('audio_only and video_only');
  if (request.customBaseUrl !== '') checkWebUrl(request.customBaseUrl, 'template base url');
  if (request.roomName === '') throw missing('token or api key/secret');
  const sourceType = isMixedWithoutChrome(request) ? EgressSourceType.SDK : EgressSourceType.WEB;
  const outputs = outputsOf(request);
  return planEncoded(
    { kind: 'roomComposite', value: request },
    request,
    sourceType,
    request.audioOnly,
    compositeCourse(outputs, sourceType, request.audioOnly, request.videoOnly),
  );
}

function planEncoded(
  request: Exclude<StartRequest, { kind: 'track' | 'egress' }>,
  fields: Parameters<typeof outputsOf>[0] & {
    readonly options: { readonly case?: string | undefined; readonly value?: unknown };
  },
  sourceType: EgressSourceType,
  isAudioOnly: boolean,
  course: Course,
): Plan {
  if (fields.options.case === 'advanced') checkEncoding(fields.options.value as EncodingOptions); // the case says so
  const outputs = outputsOf(fields);
  checkOutputs(outputs, isAudioOnly);
  for (const output of [...outputs.files, ...outputs.segments, ...outputs.images]) checkUpload(output.output);
  const info = infoOf(outputs, sourceType);
  const kept = request.value.clone();
  for (const output of [...kept.fileOutputs, ...kept.segmentOutputs, ...kept.imageOutputs]) {
    redactUpload(output.output.value);
  }
  redactStreams(kept.streamOutputs);
  info.request = { case: request.kind, value: kept } as EgressInfo['request']; // the kinds are the oneof's own names
  if ('roomName' in request.value) info.roomName = request.value.roomName;
  return { info, course };
}
