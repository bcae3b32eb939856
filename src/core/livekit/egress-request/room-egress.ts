import { requestsOf, type AutoEgress } from '../../../shared/model/auto-egress.ts';
import type { EgressRequest } from '../../../shared/model/job-request.ts';
import { ProblemError } from '../../../shared/model/problem-error.ts';
import { message, type Fields } from './forms.ts';
import type { RequestSecrets } from './secrets.ts';
import { formV1 } from './v1.ts';

/** `CreateRoomRequest.egress`: the same requests as by hand, without the room, person and track that LiveKit fills in. */
export function roomEgress(auto: AutoEgress, secrets: RequestSecrets): Fields {
  const { room, participant, tracks } = requestsOf(auto);
  const body = (request: EgressRequest | null): Fields | undefined => {
    if (!request) return undefined;
    const form = formV1('', request, secrets);
    if (!form) throw notAtCreation();
    const { room_name: _room, identity: _identity, track_id: _track, ...fields } = form.body;
    return fields;
  };
  return message({ room: body(room), participant: body(participant), tracks: body(tracks)?.['file'] });
}

const notAtCreation = (): ProblemError =>
  new ProblemError({
    code: 'not-at-creation',
    fault: 'yours',
    retryable: false,
    text: 'LiveKit starts no egress of this form by itself: tracks as they come are not encoded anew.',
    advice: 'Pick another encoding.',
  });
