import { z } from 'zod';
import { Problem, UnixMs } from './common.ts';

/** `rehearsal` is the built-in offline stack; the other kinds differ in the limits and words that apply to them. */
export const ServerKind = z.enum(['rehearsal', 'local', 'self-hosted', 'cloud']);
export type ServerKind = z.infer<typeof ServerKind>;

/** How a secret is kept: by the operating system, under a passphrase, readable in a file of mode 0600, or in memory. */
export const Protection = z.enum(['keychain', 'passphrase', 'plain-file', 'this-run']);
export type Protection = z.infer<typeof Protection>;

/** One LiveKit project or host, as the page may see it: the secret has stayed behind. */
export const Server = z.object({
  id: z.string(),
  name: z.string(),
  kind: ServerKind,
  url: z.string(),
  apiKey: z.string(),
  /** The last two characters of the secret behind bullets; never the secret. */
  secretHint: z.string(),
  protection: Protection,
  /** `absent`: the server answers "egress not connected" or has no worker; the desk is the plan there. */
  egress: z.enum(['unknown', 'present', 'absent']),
  /** Where the server may send its webhooks: an address of this computer; null until the console listens. */
  webhookUrl: z.string().nullable(),
});
export type Server = z.infer<typeof Server>;

export const CheckId = z.enum(['address', 'tls', 'clock', 'key', 'secret', 'rights', 'egress', 'version']);
export type CheckId = z.infer<typeof CheckId>;
/** One line of *Test*: what was looked at and what was found, in words. */
export const ServerCheck = z.object({
  id: CheckId,
  state: z.enum(['passed', 'failed', 'not-run']),
  text: z.string(),
  tookMs: z.number().nullable(),
  problem: Problem.optional(),
});
export type ServerCheck = z.infer<typeof ServerCheck>;
export const ServerTest = z.object({ checks: z.array(ServerCheck), atMs: UnixMs });
export type ServerTest = z.infer<typeof ServerTest>;
