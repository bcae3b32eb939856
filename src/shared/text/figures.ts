/** `1.2 GB`, `214 MB`, `0 B`: decimal units, as disks and networks count. */
export function bytes(count: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = count;
  let unit = 0;
  for (; value >= 999.5 && unit < units.length - 1; unit++) value /= 1000;
  return `${unit === 0 || value >= 99.5 ? Math.round(value) : Number(value.toFixed(1))} ${units[unit] ?? 'B'}`;
}

/** `3 h 12 m`, `12 m`, `40 s`: how long something lasts, in words that need no precision. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} m`;
  const hours = Math.floor(minutes / 60);
  return hours >= 100 ? `${Math.floor(hours / 24)} d` : `${hours} h ${minutes % 60} m`;
}

/** `00:41:02`: a timer. Negative times are shown as zero: a clock that was set back must not frighten. */
export function timer(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

/** `USD 3.10`, `USD 0.012`: two decimals, more where two would say nothing. */
export function money(amount: number, currency: string): string {
  const digits = amount === 0 || Math.abs(amount) >= 0.1 ? 2 : 3;
  return `${currency} ${amount.toFixed(digits)}`;
}

/** `0.8 s`, `2.9 s`, `14 s`: a wait, as exact as one feels it. */
export function seconds(ms: number): string {
  return ms < 9_950 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000)} s`;
}

/** `1 person`, `3 people`. */
export const counted = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;
