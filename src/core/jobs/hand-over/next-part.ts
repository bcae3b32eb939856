import type { JobRequest, Outputs } from '../../../shared/model/job-request.ts';
import { hasTime } from '../../../shared/text/file-name.ts';

const titlePart = / \(part (\d+)\)$/;

/** "program.mp4" → "program.mp4 (part 2)" → "program.mp4 (part 3)". */
export function nextTitle(title: string): string {
  const part = Number(titlePart.exec(title)?.[1] ?? 1) + 1;
  return `${title.replace(titlePart, '').slice(0, 105)} (part ${part})`;
}

/** The same request under names that do not write over those of the part before. */
export function nextRequest<R extends JobRequest>(request: R): R {
  if ('outputs' in request) return { ...request, outputs: nextOutputs(request.outputs) };
  if (!('output' in request)) return request;
  const { output } = request;
  if (output.to === 'outputs') return { ...request, output: { ...output, outputs: nextOutputs(output.outputs) } };
  return output.to === 'file' ? { ...request, output: { ...output, filePath: nextName(output.filePath) } } : request;
}

function nextOutputs(outputs: Outputs): Outputs {
  const { file, segments, images } = outputs;
  return {
    ...outputs,
    file: file && { ...file, filePath: nextName(file.filePath) },
    segments: segments && {
      ...segments,
      filenamePrefix: nextName(segments.filenamePrefix),
      playlistName: nextName(segments.playlistName),
      livePlaylistName: nextName(segments.livePlaylistName),
    },
    images: images.map((image) =>
      image.filenameSuffix === 'overwrite' ? image : { ...image, filenamePrefix: nextName(image.filenamePrefix) },
    ),
  };
}

/** A name with the time in it, or that egress makes itself, is another one each time. */
function nextName(name: string): string {
  if (hasTime(name)) return name;
  const found = /^(.*?)(?:-part(\d+))?(\.[A-Za-z0-9]{1,5})?$/s.exec(name);
  const [, stem = name, part, extension = ''] = found ?? [];
  return `${stem}-part${Number(part ?? 1) + 1}${extension}`;
}
