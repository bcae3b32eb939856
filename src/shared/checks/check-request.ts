import type { EgressRequest, JobRequest } from '../model/job-request.ts';
import { checkEncoding } from './check-encoding.ts';
import { checkNames } from './check-names.ts';
import { checkOutputs } from './check-outputs.ts';
import { checkRoom, checkSource } from './check-source.ts';
import { warn, type CheckContext, type Finding } from './finding.ts';
import { programOf } from './program.ts';

/**
 * What is known to be wrong with a request before it is sent: what the server would refuse, what would break a worker, and
 * what the server silently ignores. From livekit-server 1.13.5 and egress 1.14.1 as measured, and egress' source. Pure: the
 * page asks it for each field, the core before each start.
 */
export function checkRequest(request: JobRequest, context: CheckContext = {}): readonly Finding[] {
  if (request.kind === 'room-sound') return [];
  const program = programOf(request);
  return [
    ...checkSource(request),
    ...checkRoom(request, context),
    ...(program ? [...checkOutputs(program), ...checkEncoding(program)] : []),
    ...checkNames(request, context),
    ...checkStorage(request, context),
  ];
}

/** LiveKit Cloud keeps no files of its own. */
function checkStorage(request: EgressRequest, { serverKind }: CheckContext): readonly Finding[] {
  if (serverKind !== 'cloud') return [];
  const text = 'LiveKit Cloud keeps no files: without a storage it refuses, unless one is set for the project.';
  if (request.kind === 'track')
    return request.output.to === 'file' && request.output.storageId === null ? [warn('output.storageId', text)] : [];
  const program = programOf(request);
  if (!program) return [];
  const { file, segments, images } = program.outputs;
  const at = `${program.at}outputs`;
  return [
    ...(file?.storageId === null ? [warn(`${at}.file.storageId`, text)] : []),
    ...(segments?.storageId === null ? [warn(`${at}.segments.storageId`, text)] : []),
    ...images.flatMap(({ storageId }, index) =>
      storageId === null ? [warn(`${at}.images.${index}.storageId`, text)] : [],
    ),
  ];
}
