import { outputsOf, type JobRequest } from '../../shared/model/job-request.ts';

/** Templates that only the server fills in are no name yet. */
const isFilled = (name: string): boolean => name !== '' && !name.includes('{');
const lastOf = (path: string): string => path.split('/').at(-1) ?? '';

/**
 * What a job is called where nobody has named it: by its file as soon as the server tells the name, else by what it is.
 * `subject` is what it shows where that is no room.
 */
export function usualTitle(
  request: JobRequest,
  from: { readonly roomName: string; readonly subject?: string; readonly fileName?: string },
): string {
  const file = lastOf(from.fileName ?? '');
  if (isFilled(file)) return file;
  const outputs = outputsOf(request);
  const isStream = outputs?.stream != null && outputs.file === null && outputs.segments === null;
  const what = isStream ? 'Stream' : 'Recording';
  switch (request.kind) {
    case 'room-sound':
      return `Sound of ${from.roomName}`;
    case 'web':
      return `${what} of ${from.subject || 'a web page'}`;
    case 'participant':
      return `${what} of ${request.identity}`;
    case 'track':
      return request.output.to === 'websocket' ? `Sound of a track of ${from.roomName}` : `Track of ${from.roomName}`;
    case 'track-composite':
      return `Tracks of ${from.roomName}`;
    case 'room-composite':
    case 'media':
    case 'template':
      break;
  }
  if (outputs === null) return `Sound of ${from.roomName}, to a WebSocket`;
  return isStream
    ? `Stream of ${from.roomName}`
    : outputs?.file
      ? `${from.roomName}.mp4`
      : `Recording of ${from.roomName}`;
}
