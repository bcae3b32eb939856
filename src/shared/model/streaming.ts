import type { Job } from './job.ts';
import { goesToSocket, outputsOf, type JobRequest } from './job-request.ts';

/** It makes nothing but a stream: it is live, and nothing of it is kept. */
export function isOnlyStream(request: JobRequest): boolean {
  const outputs = outputsOf(request);
  if (outputs === null || outputs.stream === null) return false;
  return outputs.file === null && outputs.segments === null && outputs.images.length === 0;
}

/** Its seconds are kept: in a file or in segments. Of a stream, of images and of a WebSocket they are not. */
export function isKept(request: JobRequest): boolean {
  const outputs = outputsOf(request);
  return outputs === null ? !goesToSocket(request) : outputs.file !== null || outputs.segments !== null;
}

const away = ['starting', 'waiting', 'dropped', 'finished', 'failed'];

/** One of its destinations at the least is at the server: it goes out, as far as is known. */
export const isStreaming = (job: Job): boolean => job.destinations.some(({ state }) => !away.includes(state));
