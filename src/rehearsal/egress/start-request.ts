import type { AudioMixing, ImageOutput } from '@livekit/protocol';
import {
  EncodedFileOutput,
  EncodedFileType,
  type EncodingOptions,
  SegmentedFileOutput,
  StreamOutput,
  StreamProtocol,
} from '@livekit/protocol';
import type { TwirpError } from '../livekit/twirp-error.ts';
import { innerError } from '../livekit/twirp-error.ts';
import { demandLoopback } from './loopback.ts';
import { isRtmpUrl } from './redact.ts';

/** The outputs of a request, whichever of the old and new fields they came in. */
export interface Outputs {
  readonly files: readonly EncodedFileOutput[];
  readonly streams: readonly StreamOutput[];
  readonly segments: readonly SegmentedFileOutput[];
  readonly images: readonly ImageOutput[];
}

export const missing = (field: string): TwirpError =>
  innerError('invalid_argument', `request has missing or invalid field: ${field}`);
const badUrl = (url: string, why: string): TwirpError => innerError('invalid_argument', `invalid url ${url}: ${why}`);
const rtmpForm = 'rtmp urls must be of format rtmp(s)://{host}(/{path})/{app}/{stream_key}( live=1)';

interface EncodedRequest {
  readonly output?: { readonly case?: string | undefined; readonly value?: unknown };
  readonly fileOutputs: readonly EncodedFileOutput[];
  readonly streamOutputs: readonly StreamOutput[];
  readonly segmentOutputs: readonly SegmentedFileOutput[];
  readonly imageOutputs: readonly ImageOutput[];
}

/** The lists win; the deprecated single output counts only where they are empty (the SDK fills both with the same). */
export function outputsOf(request: EncodedRequest): Outputs {
  const old = request.output?.value;
  const listed = request.fileOutputs.length + request.streamOutputs.length + request.segmentOutputs.length > 0;
  const single = listed ? undefined : old;
  return {
    files: single instanceof EncodedFileOutput ? [single] : request.fileOutputs,
    streams: single instanceof StreamOutput ? [single] : request.streamOutputs,
    segments: single instanceof SegmentedFileOutput ? [single] : request.segmentOutputs,
    images: request.imageOutputs,
  };
}

/** Refuses what egress refuses at once, in its words (measured; the order among several faults is not). */
export function checkOutputs(outputs: Outputs, isAudioOnly: boolean): void {
  const { files, streams, segments, images } = outputs;
  if (files.length > 1) throw missing('multiple file outputs');
  if (streams.length > 1) throw missing('multiple stream outputs');
  if (segments.length > 1) throw missing('multiple segmented file outputs');
  if (images.length > 0 && isAudioOnly) throw missing('audio_only images');
  if (files.length + streams.length + segments.length + images.length === 0) throw missing('output');
  for (const stream of streams) {
    if (stream.urls.length === 0 && files.length + segments.length === 0) throw missing('stream url');
    if (stream.urls.length === 0 && stream.protocol === StreamProtocol.DEFAULT_PROTOCOL)
      throw missing('stream protocol');
    for (const url of stream.urls) checkStreamUrl(url, stream.protocol, isAudioOnly);
  }
  if (files[0]?.fileType === EncodedFileType.OGG) {
    if (streams.length + segments.length > 0)
      throw innerError('invalid_argument', 'format audio/ogg incompatible with codec audio/aac');
    if (!isAudioOnly) throw innerError('invalid_argument', 'no supported codec is compatible with all outputs');
  }
}

export function checkStreamUrl(url: string, protocol: StreamProtocol, isAudioOnly: boolean): void {
  const scheme = /^([a-z0-9+.-]+):\/\//i.exec(url)?.[1]?.toLowerCase() ?? '';
  const isRtmp = ['rtmp', 'rtmps', 'mux', 'twitch'].includes(scheme);
  const isWebSocket = scheme === 'ws' || scheme === 'wss';
  const fits =
    protocol === StreamProtocol.RTMP
      ? isRtmp
      : protocol === StreamProtocol.SRT
        ? scheme === 'srt'
        : protocol === StreamProtocol.DEFAULT_PROTOCOL && (isRtmp || isWebSocket || scheme === 'srt');
  if (!fits) throw badUrl(url, 'invalid scheme');
  if (isWebSocket && !isAudioOnly) {
    throw innerError('invalid_argument', 'format audio/x-raw incompatible with codec ');
  }
  if (scheme.startsWith('rtmp') && !isRtmpUrl(url)) throw badUrl(url, rtmpForm);
  demandLoopback(url);
}

export function checkWebSocketUrl(url: string): void {
  if (!/^wss?:\/\//i.test(url)) throw badUrl(url, 'invalid scheme');
  // A URL without a host leads nowhere: egress takes it and fails when it dials.
  if (!/^wss?:\/\/$/i.test(url)) demandLoopback(url);
}

export function checkEncoding(advanced: EncodingOptions | undefined): void {
  for (const field of ['width', 'height'] as const) {
    const value = advanced?.[field] ?? 0;
    if (value !== 0 && (value < 16 || value % 2 !== 0)) throw missing(field);
  }
}

export function checkWebUrl(url: string, field: 'web url' | 'template base url'): void {
  if (!/^https?:\/\/./i.test(url)) throw missing(field);
  demandLoopback(url);
}

/** Whether egress mixes a room's sound by itself instead of opening the page in Chrome. */
export function isMixedWithoutChrome(request: {
  readonly audioOnly: boolean;
  readonly layout: string;
  readonly customBaseUrl: string;
  readonly audioMixing?: AudioMixing;
}): boolean {
  return request.audioOnly && request.layout === '' && request.customBaseUrl === '';
}
