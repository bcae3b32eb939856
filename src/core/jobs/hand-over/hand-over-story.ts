import type { HandOverMark } from '../../../shared/model/hand-over.ts';
import { duration } from '../../../shared/text/figures.ts';
import { clockUtc } from '../../../shared/text/utc.ts';
import { handOverTimes, type HandOver, type HandOverEffect } from './hand-over.ts';

const seconds = (ms: number): string => `${Math.round(ms / 1_000)} s`;

/** Where nothing runs beside the job yet. */
export const plannedLine = ({ endsAtMs, limitMs }: HandOverMark): string =>
  `Its session ends at ${clockUtc(endsAtMs)} UTC, after ${duration(limitMs)}: another job is to take over before.`;

export interface HandOverStep {
  readonly from: HandOver;
  readonly to: HandOver;
  readonly effects: readonly HandOverEffect[];
  readonly limitMs: number;
  /** The title of the next part; null where there is none. */
  readonly part: string | null;
  /** Why there is no overlap. */
  readonly because: string;
  readonly mayBridge: boolean;
  /** Why the next part could not be asked for; null where it could. */
  readonly failure: string | null;
}

/** What was decided, for the story of the job that is handed over. Empty: nothing was. */
export function oldLine(step: HandOverStep): string {
  const { from, to, effects, limitMs, part, failure } = step;
  const has = (what: HandOverEffect['do']): boolean => effects.some((effect) => effect.do === what);
  if (has('stopAll')) return 'It was stopped during its hand-over: all that took part in it is stopped.';
  if (has('startSuccessor') && failure !== null) return `The next part could not be started: ${failure}`;
  if (has('startSuccessor'))
    return from === 'waiting' ? `"${part}" is started beside it, to take over.` : `It made room: "${part}" is started.`;
  if (to === 'bridging' && from !== to)
    return `No overlap is possible: ${step.because}. ${
      step.mayBridge ? 'The desk keeps the sound until the next part records.' : 'Nothing keeps the sound meanwhile.'
    }`;
  if (to === 'bridging') return has('stopOld') ? 'It is stopped, to make room for the next part.' : '';
  if (has('stopOld')) return `Both had recorded for ${seconds(handOverTimes(limitMs).overlapMs)}: it is stopped.`;
  const [told] = effects.flatMap((effect) => (effect.do === 'tell' ? [effect.what] : []));
  return told ? `${endings[told]}` : '';
}

const endings: Readonly<Record<Extract<HandOverEffect, { do: 'tell' }>['what'], string>> = {
  overlapped: 'The next part records; both hold the same seconds.',
  bridged: 'The next part records; the desk kept the sound between the two.',
  cut: 'The next part records; between the two some seconds are missing.',
  'not-taken-over': 'The next part did not start.',
};

/** How the hand-over ended, for the stories of those that took over. */
export function endLine({ effects }: Pick<HandOverStep, 'effects'>, oldTitle: string): string {
  if (effects.some((effect) => effect.do === 'stopAll')) return `Stopped together with "${oldTitle}".`;
  const [told] = effects.flatMap((effect) => (effect.do === 'tell' ? [effect.what] : []));
  return `The hand-over of "${oldTitle}" is over. ${told ? endings[told] : ''}`.trim();
}
