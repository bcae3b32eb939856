import { z } from 'zod';
import { Problem } from '../model/common.ts';
import { Show } from '../model/show.ts';
import { call, stateFeed } from '../rpc/contract.ts';

const ShowId = z.string().min(1).max(64);
const ShowAt = z.object({ serverId: z.string(), roomName: z.string().min(1).max(256), showId: ShowId });

/** A show in a room: what would become of each of its jobs, or has. */
const ShowOutcome = z.object({
  /** Such as "2 by egress, 1 here, sound only: 2 sessions are free." */
  headline: z.string(),
  jobs: z.array(
    z.object({
      title: z.string(),
      /** `lacking`: somebody or something that it names is not there. `none`: it would be refused. `captions`: last, of itself. */
      engine: z.enum(['egress', 'desk', 'covered', 'later', 'none', 'lacking', 'captions']),
      because: z.string(),
      /** Why it did not start, or would not. */
      problem: Problem.nullable(),
    }),
  ),
});
export type ShowOutcome = z.infer<typeof ShowOutcome>;

export const shows = {
  shows: stateFeed(z.object({}), z.object({ shows: z.array(Show), chosenId: z.string().nullable() })),
  /** A new show without `showId`. What its jobs name is labelled by the core, from the books of this computer. */
  saveShow: call(Show.pick({ name: true, jobs: true, captions: true }).extend({ showId: ShowId.optional() }), Show),
  removeShow: call(z.object({ showId: ShowId }), z.null()),
  /** Which show the window offers to start. */
  chooseShow: call(z.object({ showId: ShowId.nullable() }), z.null()),
  /** One file without secrets. */
  exportShow: call(z.object({ showId: ShowId }), z.object({ fileName: z.string(), text: z.string() })),
  /** Refused with a sentence where the text is no show. */
  importShow: call(z.object({ text: z.string() }), Show),
  planShow: call(ShowAt, ShowOutcome),
  /** All jobs of a show in one batch, in this room; each that does not start says why and holds up none of the others. */
  startShow: call(ShowAt, ShowOutcome),
};
