import type { CaptionSession, ExportFormat, TranscriptEntry } from '../../../shared/model/captions.ts';
import { dayUtc, minuteUtc } from '../../../shared/text/utc.ts';
import { cuesOf } from './cues.ts';
import { jsonOf } from './json.ts';
import { srtOf } from './srt.ts';
import { txtOf } from './txt.ts';
import { vttOf } from './vtt.ts';

export interface ExportedFile {
  readonly fileName: string;
  readonly mimeType: string;
  readonly text: string;
}

const mimeTypes: Readonly<Record<ExportFormat, string>> = {
  srt: 'application/x-subrip',
  vtt: 'text/vtt',
  txt: 'text/plain',
  json: 'application/json',
};

/** A transcript as a file. Entries in order of time; partials are left out. */
export function exportTranscript(
  session: CaptionSession,
  entries: readonly TranscriptEntry[],
  format: ExportFormat,
): ExportedFile {
  const startedAtMs = session.startedAtMs ?? session.stateAtMs;
  const date = `${dayUtc(startedAtMs)} ${minuteUtc(startedAtMs).replace(':', '.')}`;
  const room = session.roomName.replaceAll(/[^\p{L}\p{N} ._-]/gu, '_').slice(0, 80);
  const write = {
    srt: () => srtOf(cuesOf(entries)),
    vtt: () => vttOf(cuesOf(entries)),
    txt: () => txtOf(session, entries),
    json: () => jsonOf(session, entries),
  };
  return { fileName: `${room} ${date}.${format}`, mimeType: mimeTypes[format], text: write[format]() };
}
