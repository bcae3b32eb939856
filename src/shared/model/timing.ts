import { z } from 'zod';
import type { AutoStop } from './job.ts';

const maxMin = 7 * 1_440;
const maxWaitMin = 1_440;
const clockForm = /^([01]?\d|2[0-3]):([0-5]\d)$/;

/** Empty, or a time of the day such as `9:30` or `20:00`. */
export const isClock = (text: string): boolean => text === '' || clockForm.test(text);
const Clock = z.string().max(5).refine(isClock, 'A time of the day, such as 20:00');
const minutes = (max: number) => z.number().int().min(0).max(max);

/** When a job begins and ends by itself, as a form holds it: minutes, and times of this computer's clock on whichever day. */
export const Timing = z.object({
  /** `20:00`; empty: at once. */
  beginsAt: Clock,
  /** 0: not by this. */
  afterMin: minutes(maxMin),
  endsAt: Clock,
  emptyMin: minutes(maxWaitMin),
  silentMin: minutes(maxWaitMin),
});
export type Timing = Readonly<z.infer<typeof Timing>>;

export const noTiming: Timing = { beginsAt: '', afterMin: 0, endsAt: '', emptyMin: 0, silentMin: 0 };

interface TimedStart {
  readonly startAtMs: number | null;
  readonly autoStop: AutoStop | null;
}

const minuteMs = 60_000;

/** Whether every figure can be meant. */
export const isGoodTiming = (timing: Timing): boolean => Timing.safeParse(timing).success;

/** Whether it waits, or ends by itself. */
export const isTimed = ({ beginsAt, endsAt, afterMin, emptyMin, silentMin }: Timing): boolean =>
  beginsAt !== '' || endsAt !== '' || afterMin + emptyMin + silentMin > 0;

/** The moments that are meant, as the core takes them: the next time that the clock shows it, and an end after the beginning. */
export function timedStart(timing: Timing, nowMs: number): TimedStart {
  const startAtMs = nextClock(timing.beginsAt, nowMs);
  const ms = (min: number): number | null => (min === 0 ? null : min * minuteMs);
  const autoStop = {
    afterMs: ms(timing.afterMin),
    atMs: nextClock(timing.endsAt, startAtMs ?? nowMs),
    emptyForMs: ms(timing.emptyMin),
    silentForMs: ms(timing.silentMin),
  };
  const isNone = Object.values(autoStop).every((each) => each === null);
  return { startAtMs, autoStop: isNone ? null : autoStop };
}

/** The next moment after `fromMs` at which this computer's clock shows `hh:mm`. Days of 23 and 25 hours included. */
function nextClock(clock: string, fromMs: number): number | null {
  const [, hours, minutes] = clockForm.exec(clock) ?? [];
  if (hours === undefined || minutes === undefined) return null;
  const from = new Date(fromMs);
  // Each day by its own hours: one that is not there today is there tomorrow.
  const on = (day: number): number =>
    new Date(from.getFullYear(), from.getMonth(), day, Number(hours), Number(minutes)).getTime();
  const today = on(from.getDate());
  return today > fromMs ? today : on(from.getDate() + 1);
}
