import type { AutoStop } from '../../../../shared/model/job.ts';

/** When a job begins and ends by itself, as the panel holds it: minutes, and times of this computer's clock. */
export interface Timing {
  /** `20:00`; empty: at once. */
  readonly beginsAt: string;
  /** 0: not by this. */
  readonly afterMin: number;
  readonly endsAt: string;
  readonly emptyMin: number;
  readonly silentMin: number;
}

export const noTiming: Timing = { beginsAt: '', afterMin: 0, endsAt: '', emptyMin: 0, silentMin: 0 };

interface TimedStart {
  readonly startAtMs: number | null;
  readonly autoStop: AutoStop | null;
}

const minuteMs = 60_000;
const maxMin = 7 * 1_440;
const maxWaitMin = 1_440;

const clockForm = /^([01]?\d|2[0-3]):([0-5]\d)$/;

/** Empty, or a time of the day such as `9:30` or `20:00`. */
export const isClock = (text: string): boolean => text === '' || clockForm.test(text);

/** Whether every figure can be meant. */
export function isGoodTiming({ beginsAt, afterMin, endsAt, emptyMin, silentMin }: Timing): boolean {
  const isWithin = (minutes: number, max: number): boolean =>
    Number.isInteger(minutes) && minutes >= 0 && minutes <= max;
  if (!isClock(beginsAt) || !isClock(endsAt)) return false;
  return isWithin(afterMin, maxMin) && isWithin(emptyMin, maxWaitMin) && isWithin(silentMin, maxWaitMin);
}

/** The moments that are meant, as the core takes them: the next time that the clock shows it, and an end after the beginning. */
export function timedStart(timing: Timing, nowMs: number): TimedStart {
  const startAtMs = nextClock(timing.beginsAt, nowMs);
  const ms = (minutes: number): number | null => (minutes === 0 ? null : minutes * minuteMs);
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
  const at = new Date(fromMs);
  at.setHours(Number(hours), Number(minutes), 0, 0);
  if (at.getTime() <= fromMs) at.setDate(at.getDate() + 1);
  return at.getTime();
}
