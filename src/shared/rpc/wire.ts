import { z } from 'zod';
import { Problem } from '../model/common.ts';

const Id = z.number().int().positive();

/** From the page to the core. A feed is opened by `call` too, and ended early by `abort`. */
export const Request = z.discriminatedUnion('type', [
  z.object({ type: z.literal('call'), id: Id, method: z.string().max(64), params: z.unknown() }),
  z.object({ type: z.literal('abort'), id: Id }),
]);
export type Request = z.infer<typeof Request>;

/** From the core to the page: one `ok` or `err` for a call; any number of `item`, then `end` or `err`, for a feed. */
export const Answer = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ok'), id: Id, value: z.unknown() }),
  z.object({ type: z.literal('item'), id: Id, value: z.unknown() }),
  z.object({ type: z.literal('end'), id: Id }),
  z.object({ type: z.literal('err'), id: Id, problem: Problem }),
]);
export type Answer = z.infer<typeof Answer>;

/** The largest message that a port takes from a page, in characters. The largest true one is a few kilobytes. */
export const maxRequestChars = 1 << 20;
