import { z } from 'zod';

const Ms = z.number();

/** How one destination stands; data exists in the states that have it. */
const Step = z.discriminatedUnion('at', [
  /** Asked for with the start of the job; the server does not list it yet. */
  z.object({ at: z.literal('starting'), sinceMs: Ms }),
  /** Not at the server, and added by us at `nextAtMs`. */
  z.object({ at: z.literal('waiting'), sinceMs: Ms, nextAtMs: Ms }),
  /** The call that adds it is under way. */
  z.object({ at: z.literal('adding'), sinceMs: Ms }),
  /** The answer to that call was lost: the list will tell. Not added again before `untilMs` and a look after it. */
  z.object({ at: z.literal('unsure'), sinceMs: Ms, untilMs: Ms }),
  /** Listed as active, which an address is before it has connected. */
  z.object({ at: z.literal('connecting'), sinceMs: Ms }),
  z.object({ at: z.literal('live'), sinceMs: Ms }),
  /** Egress lost it and connects again by itself, until `untilMs` at the latest. */
  z.object({ at: z.literal('reconnecting'), sinceMs: Ms, untilMs: Ms }),
  /** At the server, and taken off by us at `nextAtMs`. */
  z.object({ at: z.literal('leaving'), sinceMs: Ms, nextAtMs: Ms }),
  z.object({ at: z.literal('removing'), sinceMs: Ms }),
  z.object({ at: z.literal('over'), sinceMs: Ms, how: z.enum(['dropped', 'finished', 'failed']) }),
]);
export type Step = z.infer<typeof Step>;

/** One destination of a job: what the producer wants of it, and how it stands. */
export const StreamState = z.object({
  /** Within its job. */
  id: z.string(),
  addressId: z.string().nullable(),
  /** In the form of `redactAddress`: what the server's list is matched by. */
  url: z.string(),
  /** `none`: added elsewhere; shown, and neither added again nor taken off by itself. */
  wish: z.enum(['on', 'off', 'none']),
  step: Step,
  /** How often it was given up since it was last live for a while. */
  tries: z.number(),
  /** Entries of the server's list for this address that are history: those before the present try. */
  entriesBefore: z.number(),
  /** The job was started with it. */
  beganWithJob: z.boolean(),
  /** The server's mark of the outage that was seen last. */
  lastRetryAtMs: Ms.nullable(),
  /** The server's words for the last failure, redacted; empty where there was none. */
  said: z.string(),
  /** Dropped once this one is live. */
  replaces: z.string().nullable(),
});
export type StreamState = z.infer<typeof StreamState>;

export const newStream = (
  part: Pick<StreamState, 'id' | 'addressId' | 'url' | 'wish' | 'step'> & Partial<StreamState>,
): StreamState => ({
  tries: 0,
  entriesBefore: 0,
  beganWithJob: false,
  lastRetryAtMs: null,
  said: '',
  replaces: null,
  ...part,
});

export const isOver = (stream: StreamState): boolean => stream.step.at === 'over';
