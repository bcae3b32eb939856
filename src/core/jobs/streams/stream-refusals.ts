import { ProblemError } from '../../../shared/model/problem-error.ts';

const yours = (code: string, text: string, advice: string): ProblemError =>
  new ProblemError({ code, fault: 'yours', retryable: false, text, advice });

/** Why a destination is not added, dropped or tried again. */
export const refuse = {
  over: () => yours('job-over', 'This job does not stream any more.', 'Start it again.'),
  noStream: () =>
    yours(
      'not-a-stream',
      'This job was started without a stream, and egress takes none later.',
      'Start a job with a stream; it may begin without a destination beside another output.',
    ),
  otherProtocol: (protocol: 'rtmp' | 'srt') =>
    yours(
      'other-protocol',
      `This job does not speak ${protocol === 'srt' ? 'SRT' : 'RTMP'}: all destinations of one job speak the same protocol.`,
      'Start another job for it.',
    ),
  alreadyThere: () =>
    yours('already-there', 'This destination is on its way already.', 'Added twice it could not be taken off again.'),
  looksAlike: () =>
    yours(
      'looks-alike',
      'LiveKit lists this address in the same short form as another one of this job, so that nobody could tell them apart.',
      'Take another stream key, or another job.',
    ),
  noSuch: () => yours('no-such-destination', 'This job has no such destination.', 'Look at its card again.'),
  last: () =>
    yours(
      'last-destination',
      'This is the last destination of a job that does nothing else: without it the job ends.',
      'Add another destination first, or stop the job.',
    ),
};
