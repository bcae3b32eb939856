import { z } from 'zod';
import { Problem } from '../model/common.ts';
import { Job } from '../model/job.ts';
import { Show } from '../model/show.ts';
import { call, stateFeed } from '../rpc/contract.ts';

const ShowId = z.string().min(1).max(64);

export const shows = {
  shows: stateFeed(z.object({}), z.object({ shows: z.array(Show), chosenId: z.string().nullable() })),
  /** A new show without `showId`. What its jobs name is labelled by the core, from the books of this computer. */
  saveShow: call(z.object({ showId: ShowId.optional(), name: Show.shape.name, jobs: Show.shape.jobs }), Show),
  removeShow: call(z.object({ showId: ShowId }), z.null()),
  /** Which show the window offers to start. */
  chooseShow: call(z.object({ showId: ShowId.nullable() }), z.null()),
  /** One file without secrets. */
  exportShow: call(z.object({ showId: ShowId }), z.object({ fileName: z.string(), text: z.string() })),
  /** Refused with a sentence where the text is no show. */
  importShow: call(z.object({ text: z.string() }), Show),
  /** All jobs of a show in one batch, in this room; each that does not start says why and holds up none of the others. */
  startShow: call(
    z.object({ serverId: z.string(), roomName: z.string().min(1).max(256), showId: ShowId }),
    z.object({ started: z.array(Job), refused: z.array(z.object({ title: z.string(), problem: Problem })) }),
  ),
};
