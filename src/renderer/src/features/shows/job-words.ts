import { outputsOf, type JobRequest } from '../../../../shared/model/job-request.ts';
import type { Person } from '../../../../shared/model/room.ts';
import { trackOwnersOf } from '../../../../shared/model/show-job.ts';
import type { ShowJob } from '../../../../shared/model/show.ts';
import { showsWords } from '../../text/shows-messages.ts';
import { startWords } from '../../text/start-messages.ts';

/** What a job of a show is and where it goes, in one line. */
export function jobLine(request: JobRequest): string {
  const outputs = outputsOf(request);
  const where =
    outputs === null
      ? []
      : [
          outputs.file === null ? '' : startWords.outputs.file,
          outputs.segments === null ? '' : startWords.outputs.segments,
          outputs.stream === null ? '' : startWords.outputs.stream,
          outputs.images.length === 0 ? '' : startWords.outputs.images,
        ];
  const to = 'output' in request ? request.output.to : 'outputs';
  const sink = to === 'websocket' ? startWords.websocket : to === 'file' ? startWords.outputs.file : '';
  return [startWords.kinds[request.kind], ...where, sink].filter((part) => part !== '').join(' · ');
}

/** The name that a job of a show begins with: whose it is where it is one person's, else what it is. */
export function jobTitle(request: JobRequest, people: readonly Person[]): string {
  if (request.kind === 'room-sound') return showsWords.soundTitle;
  const [owner] = Object.values(trackOwnersOf(request, people));
  const person =
    request.kind === 'participant' ? people.find((each) => each.identity === request.identity)?.name : null;
  return person ?? owner?.person ?? startWords.kinds[request.kind];
}

/** The job as a show keeps it; owners that are not in the room now stay as they were. */
export function showJob(
  order: Pick<ShowJob, 'mode' | 'request' | 'timing'>,
  title: string,
  people: readonly Person[],
  before: ShowJob['trackOwners'] = {},
): ShowJob {
  const { mode, request, timing } = order;
  return { title, mode, request, timing, trackOwners: { ...before, ...trackOwnersOf(request, people) } };
}
