import type { Limit } from '../../shared/model/limit.ts';
import { bytes } from '../../shared/text/figures.ts';

export interface DiskFigures {
  readonly freeBytes: number | null;
  readonly lastsMs: number | null;
}

/** Under this a start would not last a quarter of an hour of picture (about 1 GB an hour, estimated). */
const lowDiskBytes = 250_000_000;

/** What the disk still takes, as a limit among the others. */
export function diskLimit({ freeBytes, lastsMs }: DiskFigures): Limit {
  const isMeasured = freeBytes !== null;
  const full =
    isMeasured && freeBytes < lowDiskBytes ? `Only ${bytes(freeBytes)} are free: make room before you start.` : null;
  const base = {
    id: 'disk',
    label: 'Disk',
    inUse: null,
    source: isMeasured ? 'measured' : 'unknown',
    atMs: null,
    full,
  } as const;
  if (lastsMs !== null && isMeasured)
    return {
      ...base,
      limit: lastsMs,
      unit: 'ms',
      note: `measured, ${bytes(freeBytes)} free`,
    };
  return {
    ...base,
    limit: freeBytes,
    unit: 'bytes',
    note: isMeasured ? 'measured; not recording here' : 'not known',
  };
}
