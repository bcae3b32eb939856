import {
  EgressSourceType,
  EncodedFileOutput,
  EncodedFileType,
  EncodingOptionsPreset,
  type ImageOutput,
  type SegmentedFileOutput,
  type StartEgressRequest,
  type StorageConfig,
  type StreamOutput,
  StreamProtocol,
} from '@livekit/protocol';
import { innerError } from '../livekit/twirp-error.ts';
import { checkUpload, type Course, encodedCourse, infoOf, type Plan, trackCourse } from './course.ts';
import type { TrackTypes } from './plan.ts';
import { redactStreams, redactUpload } from './redact.ts';
import type { Source } from './source.ts';
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
export function planV2(request: StartEgressRequest, typeOf: TrackTypes): Plan {
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

  const outputs = outputsOfV2(request);
  const sockets = outputs.streams.flatMap((stream) => stream.urls.filter((url) => /^wss?:/i.test(url)));
  const isSocket = sockets.length > 0 || outputs.streams.some((stream) => stream.protocol === StreamProtocol.WEBSOCKET);
  if (isSocket) {
    if (outputs.files.length + outputs.segments.length > 0) {
      throw innerError('invalid_argument', 'format  incompatible with codec audio/x-raw');
    }
    for (const stream of outputs.streams) stream.urls.forEach(checkWebSocketUrl);
  } else checkOutputs(outputs, !hasVideo);

  const isMixed = source.case === 'template' && isMixedWithoutChrome(source.value);
  const sourceType = source.case === 'media' || isMixed ? EgressSourceType.SDK : EgressSourceType.WEB;
  const info = infoOf(outputs, sourceType);
  const kept = request.clone();
  for (const output of kept.outputs) {
    if (output.config.case === 'stream') redactStreams([output.config.value]);
    redactUpload(output.storage?.provider.value);
  }
  redactUpload(kept.storage?.provider.value);
  info.request = { case: 'egress', value: kept };
  info.roomName = request.roomName;
  const course = isSocket
    ? socketCourse(request, sockets.at(-1) ?? '', hasVideo)
    : courseOf(request, outputs, hasVideo, isMixed, typeOf);
  return { info, course };
}

function socketCourse(request: StartEgressRequest, url: string, hasVideo: boolean): Course {
  const source = sourceOf(request);
  // Measured: picture and sound to a WebSocket crash the handler. Of several addresses one is dialled.
  if (hasVideo) return { kind: 'failing', code: 500, error: 'exit status 2', source };
  return { kind: 'socket', url, source };
}

function courseOf(
  request: StartEgressRequest,
  outputs: Outputs,
  hasVideo: boolean,
  isMixed: boolean,
  typeOf: TrackTypes,
): Course {
  const { source } = request;
  const passed = passedThrough(request, outputs);
  const [file] = outputs.files;
  if (passed !== null && file) {
    return trackCourse(file, { kind: 'tracks', sids: [passed] }, typeOf(passed) === 'video');
  }
  return encodedCourse({
    outputs,
    options: request.encoding,
    isAudioOnly: !hasVideo,
    isVideoOnly: source.case === 'media' ? !source.value.audio : (source.value?.videoOnly ?? false),
    source: sourceOf(request),
    start: source.case === 'media' ? 'compose' : isMixed ? 'mixer' : 'chrome',
  });
}

/** The one track of a pass-through; null where none is asked for. */
function passedThrough({ encoding, source }: StartEgressRequest, outputs: Outputs): string | null {
  if (encoding.case !== 'preset' || encoding.value !== EncodingOptionsPreset.PASSTHROUGH) return null;
  const { files, streams, segments, images } = outputs;
  const isOneFile = files.length === 1 && streams.length + segments.length + images.length === 0;
  if (!isOneFile || files[0]?.fileType !== EncodedFileType.DEFAULT_FILETYPE) throw missing('passthrough output');
  if (source.case !== 'media') throw missing('passthrough source');
  const video = source.value.video.case === 'videoTrackId' ? [source.value.video.value] : [];
  const audio = (source.value.audio?.routes ?? []).flatMap(({ match }) =>
    match.case === 'trackId' ? [match.value] : [],
  );
  const [sid, ...others] = [...video, ...audio];
  if (sid === undefined || others.length > 0) throw missing('passthrough track');
  return sid;
}

function sourceOf({ source }: StartEgressRequest): Source {
  if (source.case === 'web') return { kind: 'page', url: source.value.url, awaitsStart: source.value.awaitStartSignal };
  if (source.case !== 'media') return { kind: 'room', mixing: 'both' };
  const { video, audio } = source.value;
  return {
    kind: 'media',
    routes: audio?.captureAll ? 'everybody' : (audio?.routes ?? []),
    videoSid: video.case === 'videoTrackId' ? video.value : '',
    videoIdentity: video.case === 'participantVideo' ? video.value.identity : '',
  };
}

/** The outputs in the shapes of the first version, each with the storage that holds for it. */
function outputsOfV2(request: StartEgressRequest): Outputs {
  const files: EncodedFileOutput[] = [];
  const streams: StreamOutput[] = [];
  const segments: SegmentedFileOutput[] = [];
  const images: ImageOutput[] = [];
  if (request.outputs.length === 0) throw missing('output');
  for (const { config, storage } of request.outputs) {
    const output = storageOf(storage ?? request.storage);
    if (config.case === 'file') {
      const { fileType, filepath, disableManifest } = config.value;
      files.push(new EncodedFileOutput({ fileType, filepath, disableManifest, output }));
    } else if (config.case === 'stream') streams.push(config.value);
    else if (config.case === 'segments') segments.push(stored(config.value.clone(), output));
    else if (config.case === 'images') images.push(stored(config.value.clone(), output));
    else throw missing('output');
  }
  return { files, streams, segments, images };
}

function stored<T extends ImageOutput | SegmentedFileOutput>(copy: T, output: EncodedFileOutput['output']): T {
  copy.output = output;
  return copy;
}

function storageOf(storage: StorageConfig | undefined): EncodedFileOutput['output'] {
  return storage?.provider.case === 's3' ? { case: 's3', value: storage.provider.value } : { case: undefined };
}
