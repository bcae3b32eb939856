import { z } from 'zod';
import { UnixMs } from '../model/common.ts';
import { Job } from '../model/job.ts';
import { call } from '../rpc/contract.ts';

/** Which jobs of the journal; null: all. */
export const HistoryFilter = z.object({
  serverId: z.string().nullable(),
  roomName: z.string().nullable(),
  /** Words that title, room and files must hold, each of them, in any order and case. */
  text: z.string().max(200),
  kind: z
    .enum(['room-composite', 'web', 'participant', 'track-composite', 'track', 'template', 'media', 'room-sound'])
    .nullable(),
  state: z.enum(['running', 'done', 'failed']).nullable(),
  fromMs: UnixMs.nullable(),
});
export type HistoryFilter = z.infer<typeof HistoryFilter>;

/** One line of the story of a job: what happened, what was decided, and the server's own words. */
const StoryLine = z.object({ atMs: UnixMs, told: z.string(), said: z.string() });
export type StoryLine = z.infer<typeof StoryLine>;

export const history = {
  /** One page of the jobs of the journal, newest first, how many there are in all, and which rooms of the server had any. */
  history: call(
    z.object({ filter: HistoryFilter, offset: z.number().int().min(0), limit: z.number().int().min(1).max(100) }),
    z.object({ jobs: z.array(Job), total: z.number().int(), rooms: z.array(z.string()) }),
  ),
  jobStory: call(z.object({ jobId: z.string() }), z.object({ lines: z.array(StoryLine) })),
  /** What the filter leaves, the newest 10,000 at most, as a file. */
  exportHistory: call(
    z.object({ filter: HistoryFilter, format: z.enum(['csv', 'json']) }),
    z.object({ fileName: z.string(), mimeType: z.string(), text: z.string(), count: z.number().int() }),
  ),
};
