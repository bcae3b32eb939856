import { bytes } from '../../../shared/text/figures.ts';

/** The catalogue of the support bundle. */
export const supportWords = {
  title: 'Support bundle',
  command: 'Support bundle…',
  holds:
    'One zip for somebody who helps: versions, settings, shows, incidents, the newest 200 jobs with their stories, and the log. It names rooms, people, recordings, servers and folders. Secrets, sound, pictures and captions are not in it; contents.txt lists what is.',
  save: 'Save a support bundle',
  saving: 'Saving…',
  saved: (where: string, sizeBytes: number) => `Saved ${where}, ${bytes(sizeBytes)}`,
  show: 'Show it',
} as const;
