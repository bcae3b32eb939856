import type { EgressRequest } from '../../../shared/model/job-request.ts';
import { ProblemError } from '../../../shared/model/problem-error.ts';
import type { EgressForms } from './forms.ts';
import type { RequestSecrets } from './secrets.ts';
import { formV1 } from './v1.ts';
import { formV2 } from './v2.ts';

/**
 * What a request of the form is over the wire, secrets filled in. The older kinds go in the calls that every server knows;
 * template and media in the new one, with the older call that says the same where one does. Throws a ProblemError where a
 * secret is missing, or no call can say it.
 */
export function egressForms(roomName: string, request: EgressRequest, secrets: RequestSecrets): EgressForms {
  const v1 = formV1(roomName, request, secrets);
  const v2 = formV2(roomName, request, secrets);
  if (!v1 && !v2)
    throw new ProblemError({
      code: 'not-by-egress',
      fault: 'yours',
      retryable: false,
      text: 'Egress takes a track as it comes only as one fixed track into one file.',
      advice: 'Pick another encoding.',
    });
  return { first: request.kind === 'template' || request.kind === 'media' ? 'v2' : 'v1', v1, v2 };
}
