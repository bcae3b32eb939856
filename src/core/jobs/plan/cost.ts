import type { PlanFigure } from '../../../shared/model/job-plan.ts';
import { money } from '../../../shared/text/figures.ts';
import type { PlanInput } from './input.ts';
import type { Metering } from './ways.ts';

const free = (from: string): PlanFigure => ({ value: 'nothing', source: 'declared', from });

/** What an hour of `count` such sessions costs. Only the Cloud bills by the minute; without a declared price nothing is invented. */
export function costPerHour(
  metering: Metering,
  count: number,
  { server, prices }: Pick<PlanInput, 'server' | 'prices'>,
): PlanFigure {
  if (metering === 'none') return free('this computer does it');
  if (server.kind === 'rehearsal') return free('the rehearsal is on this computer');
  if (server.kind !== 'cloud') return free('no price a minute: a server of your own');
  const price = metering === 'track' ? prices.trackMinute : prices.transcodedMinute;
  if (price === null) return { value: 'not known', source: 'unknown', from: 'declare the price of a minute' };
  return { value: money(price.amount * 60 * count, prices.currency), source: price.source, from: price.from };
}
