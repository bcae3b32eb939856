import { z } from 'zod';
import { Protection } from './server.ts';

/** What an address is for: streams out, sound to a socket, a page that is recorded, a page that lays the room out. */
export const AddressKind = z.enum(['rtmp', 'srt', 'websocket', 'page', 'template']);
export type AddressKind = z.infer<typeof AddressKind>;

/** One entry of the address book, as the page may see it: what is secret in the address has stayed behind. */
export const Address = z.object({
  id: z.string(),
  name: z.string(),
  kind: AddressKind,
  /** In the form of `redactAddress`, by which the streams of a job are matched with it. */
  url: z.string(),
  protection: Protection,
  /** It was kept for an earlier run only: the address must be entered again. */
  isMissing: z.boolean(),
  /** Templates: their page was made to follow a change of the layout, as the producer says. */
  followsLayout: z.boolean(),
  /** What is worth knowing before it is used, a sentence each. */
  warnings: z.array(z.string()),
});
export type Address = z.infer<typeof Address>;
