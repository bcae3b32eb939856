import {
  EgressInfo,
  EgressSourceType,
  type EncodingOptions,
  AudioMixing,
  type ParticipantEgressRequest,
  type RoomCompositeEgressRequest,
  type StartEgressRequest,
  type TrackCompositeEgressRequest,
  type TrackEgressRequest,
  type WebEgressRequest,
} from '@livekit/protocol';
import { checkUpload, encodedCourse, type EncodedRequest, infoOf, type Plan, trackCourse } from './course.ts';
import { planV2 } from './plan-v2.ts';
import { redactStreams, redactUpload } from './redact.ts';
import { fileResult, streamResult } from './row.ts';
import type { Source } from './source.ts';
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

/** Which type a track has, where it is in the room; undefined: not there (yet). */
export type TrackTypes = (sid: string) => 'audio' | 'video' | undefined;

/**
 * Checks a Start request as egress does and says how it will go. Throws the TwirpError of the measured 400s. What egress
 * finds out only later becomes a course that fails.
 */
export function planStart(request: StartRequest, typeOf: TrackTypes): Plan {
  switch (request.kind) {
    case 'roomComposite':
      return planRoomComposite(request.value);
    case 'web': {
      const { url, audioOnly, videoOnly, awaitStartSignal } = request.value;
      checkWebUrl(url, 'web url');
      if (audioOnly && videoOnly) throw missing('audio_only and video_only');
      const source: Source = { kind: 'page', url, awaitsStart: awaitStartSignal };
      return planEncoded(request, request.value, {
        isAudioOnly: audioOnly,
        isVideoOnly: videoOnly,
        source,
        start: 'chrome',
      });
    }
    case 'participant': {
      const { identity } = request.value;
      if (identity === '') throw missing('identity');
      const source: Source = { kind: 'person', identity };
      return planEncoded(request, request.value, { isAudioOnly: false, isVideoOnly: false, source, start: 'compose' });
    }
    case 'trackComposite': {
      const { audioTrackId, videoTrackId } = request.value;
      const sids = [audioTrackId, videoTrackId].filter((sid) => sid !== '');
      if (sids.length === 0) throw missing('audio_track_id or video_track_id');
      return planEncoded(request, request.value, {
        isAudioOnly: videoTrackId === '',
        isVideoOnly: audioTrackId === '',
        source: { kind: 'tracks', sids },
        start: 'compose',
      });
    }
    case 'track':
      return planTrack(request.value, typeOf);
    case 'egress':
      return planV2(request.value, typeOf);
  }
}

function planTrack(request: TrackEgressRequest, typeOf: TrackTypes): Plan {
  const { output, trackId } = request;
  if (output.case === undefined) throw missing('output');
  const info = new EgressInfo({ sourceType: EgressSourceType.SDK, roomName: request.roomName });
  const source: Source = { kind: 'tracks', sids: [trackId] };
  if (output.case === 'websocketUrl') {
    checkWebSocketUrl(output.value);
    info.streamResults = [streamResult(output.value)];
    info.request = { case: 'track', value: request };
    return { info, course: { kind: 'socket', url: output.value, source } };
  }
  checkUpload(output.value.output);
  const kept = request.clone();
  if (kept.output.case === 'file') redactUpload(kept.output.value.output.value);
  info.request = { case: 'track', value: kept };
  info.fileResults = [fileResult('')];
  return { info, course: trackCourse(output.value, source, typeOf(trackId) === 'video') };
}

function planRoomComposite(request: RoomCompositeEgressRequest): Plan {
  const { audioOnly, videoOnly } = request;
  if (audioOnly && videoOnly) throw missing('audio_only and video_only');
  if (request.customBaseUrl !== '') checkWebUrl(request.customBaseUrl, 'template base url');
  if (request.roomName === '') throw missing('token or api key/secret');
  const isMixed = isMixedWithoutChrome(request);
  // Measured: only egress's own mixer knows channels; behind Chrome the wish is silently ignored.
  const source: Source = { kind: 'room', mixing: isMixed ? mixingOf(request.audioMixing) : 'both' };
  return planEncoded({ kind: 'roomComposite', value: request }, request, {
    isAudioOnly: audioOnly,
    isVideoOnly: videoOnly,
    source,
    start: isMixed ? 'mixer' : 'chrome',
  });
}

function planEncoded(
  request: Exclude<StartRequest, { kind: 'track' | 'egress' }>,
  fields: Parameters<typeof outputsOf>[0] & Pick<EncodedRequest, 'options'>,
  rest: Omit<EncodedRequest, 'outputs' | 'options'>,
): Plan {
  if (fields.options.case === 'advanced') checkEncoding(fields.options.value as EncodingOptions); // the case says so
  const outputs = outputsOf(fields);
  checkOutputs(outputs, rest.isAudioOnly);
  for (const output of [...outputs.files, ...outputs.segments, ...outputs.images]) checkUpload(output.output);
  const info = infoOf(outputs, rest.start === 'chrome' ? EgressSourceType.WEB : EgressSourceType.SDK);
  const kept = request.value.clone();
  for (const output of [...kept.fileOutputs, ...kept.segmentOutputs, ...kept.imageOutputs]) {
    redactUpload(output.output.value);
  }
  redactStreams(kept.streamOutputs);
  info.request = { case: request.kind, value: kept } as EgressInfo['request']; // the kinds are the oneof's own names
  if ('roomName' in request.value) info.roomName = request.value.roomName;
  return { info, course: encodedCourse({ outputs, options: fields.options, ...rest }) };
}

function mixingOf(mixing: AudioMixing): Extract<Source, { kind: 'room' }>['mixing'] {
  if (mixing === AudioMixing.DUAL_CHANNEL_AGENT) return 'agent-left';
  return mixing === AudioMixing.DUAL_CHANNEL_ALTERNATE ? 'alternate' : 'both';
}
