import type { CaptionSession, TranscriptEntry } from '../../../shared/model/captions.ts';
import { timecode } from './timecode.ts';

/** For reading: one line an utterance, gaps and markers in their place. */
export function txtOf(session: CaptionSession, entries: readonly TranscriptEntry[]): string {
  const began = session.startedAtMs === null ? '' : `, ${new Date(session.startedAtMs).toISOString()}`;
  const lines = entries.flatMap((entry) => {
    const at = timecode(entry.startMs, '.');
    if (entry.type === 'marker') return [`[${at}] * ${entry.name}`];
    if (entry.type === 'gap') {
      const until = entry.endMs === null ? 'now' : timecode(entry.endMs, '.');
      return [`[${at}] (gap until ${until}${entry.name === null ? '' : `, ${entry.name}`}: ${entry.cause})`];
    }
    return entry.isFinal ? [`[${at}] ${entry.name}: ${entry.text.replaceAll(/\s+/gu, ' ')}`] : [];
  });
  return [`${session.roomName}${began}`, '', ...lines, ''].join('\n');
}
