/** Wall clock times in UTC, as sentences, sheets and file names write them. */

const iso = (unixMs: number): string => new Date(unixMs).toISOString();

/** The second: "12:04:31". */
export const clockUtc = (unixMs: number): string => iso(unixMs).slice(11, 19);
/** To the tenth of a second: "12:04:31.2". */
export const clockTenthsUtc = (unixMs: number): string => iso(unixMs).slice(11, 21);
/** The minute: "12:04". */
export const minuteUtc = (unixMs: number): string => iso(unixMs).slice(11, 16);
/** The day: "2026-11-28". */
export const dayUtc = (unixMs: number): string => iso(unixMs).slice(0, 10);
/** Day and second: "2026-11-28 12:04:31". */
export const stampUtc = (unixMs: number): string => `${dayUtc(unixMs)} ${clockUtc(unixMs)}`;
/** Day and second for the name of a file that was kept aside: "2026-11-28T12-04-31". */
export const fileStampUtc = (unixMs: number): string => iso(unixMs).slice(0, 19).replaceAll(':', '-');
