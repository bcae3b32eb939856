import { clockUtc } from '../../../shared/text/utc.ts';

/** The catalogue of what does not go as it should with a job, and of jobs that wait for their hour. */
export const watchWords = {
  unknown: (sinceMs: number) =>
    `Not known since ${clockUtc(sinceMs)} UTC: the server cannot be asked. It may well run on.`,
  warningsOf: (title: string) => `What is wrong with ${title}`,
  recordHere: 'Record here too',
  recordHereOf: (title: string) => `Record the sound of ${title} here too`,
  forget: 'Forget it',
  forgetOf: (title: string) => `Forget ${title}`,
  retry: 'Start it once more',
  retryOf: (title: string) => `Start ${title} once more`,
  notDone: (text: string) => `Not done: ${text}`,
  armed: (atMs: number) => `Starts ${clockUtc(atMs)} UTC`,
  ends: {
    after: (span: string) => `after ${span}`,
    at: (atMs: number) => `at ${clockUtc(atMs)} UTC`,
    empty: (span: string) => `when the room has been empty for ${span}`,
    silent: (span: string) => `when the room has been silent for ${span}`,
    all: (rules: string) => `Ends by itself ${rules}.`,
    or: ' or ',
  },
};
