import type { CaptionSession, TranscriptEntry } from '../../../shared/model/captions.ts';

/** Everything, for programs. Times are milliseconds of session time; `startedAtMs` is the wall clock of zero. */
export function jsonOf(session: CaptionSession, entries: readonly TranscriptEntry[]): string {
  const { id, roomName, startedAtMs, endedAtMs, language, delayMs } = session;
  const kept = entries.filter((entry) => entry.type !== 'utterance' || entry.isFinal);
  return `${JSON.stringify({ version: 1, session: { id, roomName, startedAtMs, endedAtMs, language, delayMs }, entries: kept }, null, 2)}\n`;
}
