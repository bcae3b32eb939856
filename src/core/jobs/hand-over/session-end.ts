import { goesToSocket, type JobRequest, outputsOf } from '../../../shared/model/job-request.ts';
import type { LimitedOutput, SessionLength } from '../../../shared/model/session-length.ts';

/** The outputs of a request whose length a server may limit. */
function limitedOutputs(request: JobRequest): readonly LimitedOutput[] {
  if (request.kind === 'room-sound') return [];
  if (goesToSocket(request)) return ['stream'];
  if (request.kind === 'track') return ['file'];
  const outputs = outputsOf(request);
  const has = { file: outputs?.file, segments: outputs?.segments, stream: outputs?.stream };
  return (['file', 'segments', 'stream'] as const).filter((output) => has[output] != null);
}

/** The shortest length that applies to a request; null where none is known. */
export function lengthOf(request: JobRequest, lengths: readonly SessionLength[]): SessionLength | null {
  const outputs = limitedOutputs(request);
  const known = lengths.filter(({ output, limitMs }) => outputs.includes(output) && limitMs !== null);
  return known.toSorted((a, b) => (a.limitMs ?? 0) - (b.limitMs ?? 0))[0] ?? null;
}

/** The same stream key cannot be pushed to twice at once: the second breaks the first. */
export const sendsOut = (request: JobRequest): boolean => goesToSocket(request) || outputsOf(request)?.stream != null;
