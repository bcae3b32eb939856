/** SQLite's own numbers of what can go wrong; the low byte is the kind of an extended one. */
const kinds = { busy: 5, readOnly: 8, ioFailed: 10, corrupt: 11, full: 13, cannotOpen: 14, notADatabase: 26 } as const;
export type SqliteErrorKind = keyof typeof kinds;

export function isSqliteError(error: unknown, ...wanted: readonly SqliteErrorKind[]): boolean {
  if (typeof error !== 'object' || error === null || !('errcode' in error)) return false;
  const kind = Number(error.errcode) & 0xff;
  return wanted.some((name) => kinds[name] === kind);
}
