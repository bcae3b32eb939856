import { z } from 'zod';
import { Problem, UnixMs } from './common.ts';

/** What was found of a file of a job in its storage, after its end. */
export const FileCheck = z.object({
  jobId: z.string(),
  fileId: z.string(),
  atMs: UnixMs,
  /** `differs`: there, with another size than egress told. `unknown`: it could not be looked at from here. */
  state: z.enum(['there', 'missing', 'differs', 'unknown']),
  /** In words: "there, 1.2 GB, 00:41:07 by its own header". */
  text: z.string(),
  /** As they were found there; null where that was not told. */
  bytes: z.number().nullable(),
  durationMs: z.number().nullable(),
  /** As the storage offers it: its kind, and the whole of it in hex or as it is; null where it offers none. */
  checksum: z.object({ kind: z.string(), value: z.string() }).nullable(),
  /** The profile that it was looked for in; null where none fits. */
  storage: z.string().nullable(),
  /** When it is looked for again by itself; null: no more. */
  againAtMs: UnixMs.nullable(),
});
export type FileCheck = z.infer<typeof FileCheck>;

/** A signed address of a file: a secret, for the clipboard and nothing else. */
export const FileLink = z.object({
  url: z.string(),
  expiresAtMs: UnixMs,
  /** `role`: with the role that signed it. `session-token`: perhaps sooner, as nobody tells when the token ends. */
  endsWith: z.enum(['time', 'role', 'session-token']),
  /** Why it may open nothing: the storage cannot be asked from here, or does not show the file; else null. */
  doubt: Problem.nullable(),
});
export type FileLink = z.infer<typeof FileLink>;
