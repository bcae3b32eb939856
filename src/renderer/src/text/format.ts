/** How figures are written: true minus, tabular, never a number without its unit. */

const pad = (n: number): string => String(n).padStart(2, '0');

/** The second of a wall clock time on this computer's clock: "14:04:31". */
export function clockLocal(unixMs: number): string {
  const d = new Date(unixMs);
  return `${pad(d.getHours())}:${pad(d.getMinutes())}:${pad(d.getSeconds())}`;
}

/** "Berlin" of "Europe/Berlin": what stands beside the local clock. */
export function zoneName(): string {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return zone.split('/').at(-1)?.replaceAll('_', ' ') ?? 'local';
}

/** A rough length for reading at a glance: "8 s", "4 m 05 s", "3 h 12 m", "2 d 4 h". */
export function span(ms: number): string {
  const s = Math.max(0, Math.round(ms / 1000));
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} m ${pad(s % 60)} s`;
  const m = Math.floor(s / 60);
  if (m < 48 * 60) return `${Math.floor(m / 60)} h ${pad(m % 60)} m`;
  return `${Math.floor(m / 1440)} d ${Math.floor(m / 60) % 24} h`;
}

/** Whole seconds, for what counts up or down: "3 s". */
export const seconds = (ms: number): string => `${Math.max(0, Math.floor(ms / 1000))} s`;

/** Seconds with one decimal, for delays: "0.9 s". */
export const delay = (ms: number): string => `${(Math.max(0, ms) / 1000).toFixed(1)} s`;

/** A round trip: "12 ms", "1.4 s"; "under 1 ms" where the clock could not tell. */
export function roundTrip(ms: number): string {
  if (ms < 1) return 'under 1 ms';
  return ms < 1000 ? `${Math.round(ms)} ms` : delay(ms);
}

/** "1 person", "6 people": English needs two forms; a second language is a second catalogue. */
export const counted = (n: number, one: string, many: string): string => `${n} ${n === 1 ? one : many}`;

/** Decibels with a true minus: "−18". */
export const decibels = (db: number): string => (db < 0 ? `−${Math.abs(Math.round(db))}` : String(Math.round(db)));
