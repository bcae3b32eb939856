import { ProblemError } from '../../../shared/model/problem-error.ts';
import { redactSecrets } from '../../../shared/text/redact.ts';

/** Why a join ended, in words for a producer. */

/** The child, not the room, is the cause. */
export const childLost = (text: string, retryable: boolean): ProblemError =>
  new ProblemError({ code: 'room-child-lost', fault: 'ours', retryable, text });

const leftTexts: Readonly<Record<string, string>> = {
  ROOM_DELETED: 'The room was deleted.',
  ROOM_CLOSED: 'The room was closed.',
  PARTICIPANT_REMOVED: 'Cuedesk was removed from the room.',
  DUPLICATE_IDENTITY: 'Somebody joined under the same identity.',
  SERVER_SHUTDOWN: 'The server shut down.',
};

/** The room ended the join. */
export const leftProblem = (reason: string, retryable: boolean): ProblemError =>
  new ProblemError({
    code: `room-left-${reason.toLowerCase().replaceAll('_', '-')}`,
    fault: 'server',
    retryable,
    text: leftTexts[reason] ?? 'The connection to the room was lost.',
    said: reason,
  });

const joinTexts: Readonly<Record<string, string>> = {
  'join-refused': 'The server refused to let Cuedesk into the room.',
  'room-unknown': 'The room does not exist.',
  'address-invalid': 'The address of the server is none that a room can be joined at.',
  'join-timeout': 'The room did not answer in time.',
};

/** The join never came to be. */
export const joinProblem = (failed: { code: string; text: string; retryable: boolean }): ProblemError =>
  new ProblemError({
    code: failed.code,
    fault: failed.retryable ? 'network' : 'yours',
    retryable: failed.retryable,
    text: joinTexts[failed.code] ?? 'The room could not be joined.',
    said: redactSecrets(failed.text),
  });
