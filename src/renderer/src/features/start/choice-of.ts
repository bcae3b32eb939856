import type { JobMode } from '../../../../shared/model/job.ts';
import { outputsOf, type JobRequest } from '../../../../shared/model/job-request.ts';
import { firstChoice, type StartChoice } from './start-choice.ts';

/** The panel's state that stands for a request: `orderOf` makes the same request of it again. */
export function choiceOf(request: JobRequest, mode: JobMode): StartChoice {
  const base: StartChoice = {
    ...firstChoice,
    kind: request.kind,
    mode: request.kind === 'room-sound' ? firstChoice.mode : mode,
    outputs: outputsOf(request) ?? firstChoice.outputs,
  };
  return { ...base, ...encodingIn(request), ...sinkIn(request, base), ...fieldsOf(request) };
}

type Part = Partial<StartChoice>;

function encodingIn(request: JobRequest): Part {
  const encoding =
    'encoding' in request
      ? request.encoding
      : 'output' in request && request.output.to === 'outputs'
        ? request.output.encoding
        : null;
  if (encoding === null) return {};
  if (encoding.use === 'preset') return { encoding: encoding.use, preset: encoding.preset };
  if (encoding.use !== 'advanced') return { encoding: encoding.use };
  const { use, ...advanced } = encoding;
  return { encoding: use, advanced };
}

function sinkIn(request: JobRequest, base: StartChoice): Part {
  if (!('output' in request)) return {};
  const { output } = request;
  if (output.to === 'websocket') return { to: 'websocket', websocketId: output.destinationId };
  if (output.to !== 'file') return {};
  const { filePath, hasManifest, storageId } = output;
  const file = { fileType: 'default', filePath, hasManifest, storageId } as const;
  return { outputs: { ...base.outputs, file } };
}

function fieldsOf(request: JobRequest): Part {
  switch (request.kind) {
    case 'room-sound':
      return {};
    case 'room-composite': {
      const { layout, tracks, audioMixing, templateId } = request;
      return { layout, tracks, audioMixing, templateId };
    }
    case 'template': {
      const { layout, tracks, templateId } = request;
      return { layout, tracks, templateId };
    }
    case 'web': {
      const { pageId, tracks, awaitStartSignal } = request;
      return { pageId, tracks, awaitStartSignal };
    }
    case 'participant':
      return { identity: request.identity, screenShare: request.screenShare };
    case 'track-composite':
      return { audioTrackSid: request.audioTrackSid, videoTrackSid: request.videoTrackSid };
    case 'track':
      return { trackSid: request.trackSid };
    case 'media':
      return mediaFieldsOf(request);
  }
}

function mediaFieldsOf({ video, audio }: Extract<JobRequest, { kind: 'media' }>): Part {
  const routes = audio.by === 'routes' ? { routes: audio.routes } : {};
  const picture =
    video.by === 'track'
      ? { videoTrackSid: video.trackSid }
      : video.by === 'participant'
        ? { identity: video.identity, screenShare: video.preferScreenShare }
        : {};
  return { videoBy: video.by, audioBy: audio.by, ...routes, ...picture };
}
