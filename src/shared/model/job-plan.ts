import { z } from 'zod';
import { FigureSource } from './common.ts';

/** One figure with where it comes from, and, in `from`, by whom and when. */
export const PlanFigure = z.object({ value: z.string(), source: FigureSource, from: z.string() });
export type PlanFigure = z.infer<typeof PlanFigure>;

/** One way to record or hear the room at hand, beside the others. */
export const ComparedWay = z.object({
  id: z.enum(['room-composite', 'room-composite-sound', 'participants', 'tracks', 'media', 'room-sound']),
  label: z.string(),
  /** What comes out: "one picture, one sound". */
  gives: z.string(),
  /** Egress sessions that it takes in this room. */
  sessions: z.number().int(),
  /** Null where the limit is not known. */
  fits: z.boolean().nullable(),
  /** From the press of Start to media: declared, and measured on this server where it was. */
  starts: z.array(PlanFigure),
  /** From the sound in the room to the first byte outside; empty where nothing is known. */
  delay: z.array(PlanFigure),
  mixing: z.string(),
  costPerHour: PlanFigure,
  control: z.string(),
  /** It is what the plan beside the table would do. */
  isChosen: z.boolean(),
});
export type ComparedWay = z.infer<typeof ComparedWay>;
