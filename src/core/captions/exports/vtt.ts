import type { Cue } from './cues.ts';
import { timecode } from './timecode.ts';

/** WebVTT, with the speaker as a voice. */
export function vttOf(cues: readonly Cue[]): string {
  const body = cues.map((cue, index) => {
    const voice = cue.speaker === '' ? '' : `<v ${annotation(cue.speaker)}>`;
    const text = voice + cue.lines.map(escaped).join('\n');
    return `${index + 1}\n${timecode(cue.startMs, '.')} --> ${timecode(cue.endMs, '.')}\n${text}\n\n`;
  });
  return `WEBVTT\n\n${body.join('')}`;
}

/** With `>` escaped too, no arrow is left. */
const escaped = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\u200e', '&lrm;')
    .replaceAll('\u200f', '&rlm;')
    .replaceAll(/[\r\n]+/g, ' ');
const annotation = (name: string): string => escaped(name).trim();
