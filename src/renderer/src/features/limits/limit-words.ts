import type { Limit } from '../../../../shared/model/limit.ts';
import type { Server } from '../../../../shared/model/server.ts';
import { bytes, money } from '../../../../shared/text/figures.ts';
import { span } from '../../text/format.ts';
import { limitsWords } from '../../text/limits-messages.ts';
import { words } from '../../text/messages.ts';

function written(value: number, { unit, currency }: Limit): string {
  switch (unit) {
    case 'bytes':
      return bytes(value);
    case 'ms':
      return span(value);
    case 'money':
      return money(value, currency ?? '');
    case 'sessions':
      return String(value);
  }
}

/** The server of these limits has no egress, so that a number of its sessions would say nothing. */
export const isAbsent = (limit: Limit, server: Server | null): boolean =>
  limit.id === 'egress' && server?.egress === 'absent' && !limit.inUse;

/** "2 of 2", "1 of unknown", "3 h 12 m": sessions count up to their limit, disk and time say what is left. */
export function limitFigure(limit: Limit, server: Server | null): string {
  if (isAbsent(limit, server)) return words.limits.absent;
  if (limit.inUse === null && limit.limit === null) return words.limits.unknown;
  if (limit.unit === 'sessions')
    return words.limits.ofLimit(
      String(limit.inUse ?? words.limits.unknown),
      limit.limit === null ? words.limits.unknown : String(limit.limit),
    );
  if (limit.limit === null) return written(limit.inUse ?? 0, limit);
  if (limit.unit === 'money' && limit.inUse === null)
    return words.limits.ofLimit(words.limits.unknown, written(limit.limit, limit));
  if (limit.inUse === null) return written(limit.limit, limit);
  const most = limit.unit === 'money' ? limit.limit.toFixed(2) : written(limit.limit, limit); // the currency is said once
  return words.limits.ofLimit(written(limit.inUse, limit), most);
}

export const isFull = (limit: Limit): boolean =>
  limit.full !== null || (limit.unit === 'sessions' && limit.limit !== null && (limit.inUse ?? 0) >= limit.limit);

/** Where the figure comes from; no figure is shown without it. */
export const limitSource = (limit: Limit, server: Server | null): string =>
  isAbsent(limit, server) ? words.limits.absentNote : limit.note || limit.source;

/** "full", "1 free", "free: unknown"; nothing where a number of sessions would say nothing. */
export function limitFree(limit: Limit, server: Server | null): string | null {
  if (isFull(limit)) return words.limits.full;
  if (limit.id !== 'egress' || isAbsent(limit, server)) return null;
  if (limit.limit === null || limit.inUse === null) return limitsWords.freeUnknown;
  return limitsWords.free(limit.limit - limit.inUse);
}
