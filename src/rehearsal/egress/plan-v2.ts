import {
  EgressSourceType,
  EncodedFileOutput,
  type FileOutput,
  type ImageOutput,
  type SegmentedFileOutput,
  type StartEgressRequest,
  type StreamOutput,
  StreamProtocol,
} from '@livekit/protocol';
import { innerError } from '../livekit/twirp-error.ts';
import { checkUpload, compositeCourse, type Course, infoOf, lacking, type Plan } from './course.ts';
import { redactStreams, redactUpload } from './redact.ts';
import {
  checkEncoding,
  checkOutputs,
  checkWebSocketUrl,
  checkWebUrl,
  isMixedWithoutChrome,
  missing,
  type Outputs,
} from './start-request.ts';

/** `StartEgress`, the second version of the API, checked and planned. */
export function planV2(request: StartEgressRequest): Plan {
  const { source } = request;
  if (source.case === undefined) throw missing('source');
  if (source.case === 'web') checkWebUrl(source.value.url, 'web url');
  if (source.case === 'template' && source.value.customBaseUrl !== '') {
    checkWebUrl(source.value.customBaseUrl, 'template base url');
  }
  const hasVideo = source.case === 'media' ? source.value.video.case !== undefined : !source.value.audioOnly;
  if (source.case === 'media' && !hasVideo && !source.value.audio) throw missing('audio or video');
  if (request.encoding.case === 'advanced') checkEncoding(request.encoding.value);
  for (const output of request.outputs) if (output.storage) checkUpload(output.storage.provider);
  if (request.storage) checkUpload(request.storage.provider);

  const isMixed = source.case === 'template' && isMixedWithoutChrome(source.value);
  const sourceType = source.case === 'media' || isMixed ? EgressSourceType.SDK : EgressSourceType.WEB;
  const outputs = outputsOfV2(request);
  const sockets = outputs.streams.flatMap((stream) => stream.urls.filter((url) => /^wss?:/i.test(url)));
  if (sockets.length > 0 || outputs.streams.some((stream) => stream.protocol === StreamProtocol.WEBSOCKET)) {
    if (outputs.files.length + outputs.segments.length > 0) {
      throw innerError('invalid_argument', 'format  incompatible with codec audio/x-raw');
    }
    for (const stream of outputs.streams) stream.urls.forEach(checkWebSocketUrl);
  } else checkOutputs(outputs, !hasVideo);

  const info = infoOf(outputs, sourceType);
  const kept = request.clone();
  for (const output of kept.outputs) {
    if (output.config.case === 'stream') redactStreams([output.config.value]);
    redactUpload(output.storage?.provider.value);
  }
  redactUpload(kept.storage?.provider.value);
  info.request = { case: 'egress', value: kept };
  info.roomName = request.roomName;
  return { info, course: courseOf(request, outputs, sockets.length > 0, hasVideo, sourceType) };
}

function courseOf(
  request: StartEgressRequest,
  outputs: Outputs,
  isSocket: boolean,
  hasVideo: boolean,
  sourceType: EgressSourceType,
): Course {
  const { source } = request;
  // Measured: picture and sound to a WebSocket crash the handler.
  if (isSocket && hasVideo) return { ...lacking(''), error: 'exit status 2' };
  if (isSocket) return lacking('audiomixer');
  if (source.case === 'template' && !request.storage && !request.outputs.some((output) => output.storage)) {
    return compositeCourse(outputs, sourceType, source.value.audioOnly, source.value.videoOnly);
  }
  return lacking(source.case === 'web' ? 'pulsesrc' : 'x264enc');
}

function outputsOfV2(request: StartEgressRequest): Outputs {
  const files: EncodedFileOutput[] = [];
  const streams: StreamOutput[] = [];
  const segments: SegmentedFileOutput[] = [];
  const images: ImageOutput[] = [];
  if (request.outputs.length === 0) throw missing('output');
  for (const { config } of request.outputs) {
    if (config.case === 'file') files.push(encodedFile(config.value));
    else if (config.case === 'stream') streams.push(config.value);
    else if (config.case === 'segments') segments.push(config.value);
    else if (config.case === 'images') images.push(config.value);
    else throw missing('output');
  }
  return { files, streams, segments, images };
}

function encodedFile({ fileType, filepath, disableManifest }: FileOutput): EncodedFileOutput {
  return new EncodedFileOutput({ fileType, filepath, disableManifest });
}
