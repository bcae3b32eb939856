import { z } from 'zod';

/** Milliseconds since the Unix epoch, by this computer's clock unless a name says otherwise. */
export const UnixMs = z.number().int().nonnegative();
/** Whose fault a problem is: decides its tone, and whether trying again can help. */
export const Fault = z.enum(['ours', 'yours', 'server', 'destination', 'network']);
export type Fault = z.infer<typeof Fault>;

/** Something that went wrong, in words for a producer. Never carries a secret, a token or a stack. */
export const Problem = z.object({
  code: z.string(),
  fault: Fault,
  retryable: z.boolean(),
  /** One sentence: what happened. */
  text: z.string(),
  /** The other side's own words, redacted, where it said any. */
  said: z.string().optional(),
  /** What can be done about it. */
  advice: z.string().optional(),
});
export type Problem = z.infer<typeof Problem>;

/** Where a figure comes from: no number is shown without it. */
export const FigureSource = z.enum(['measured', 'declared', 'learned', 'estimated', 'unknown']);
export type FigureSource = z.infer<typeof FigureSource>;
