import type { Cue } from './cues.ts';
import { timecode } from './timecode.ts';

/** SubRip. It knows no escape: an arrow in the text would begin another cue, and `<` a tag, so both are written as look-alikes. */
export function srtOf(cues: readonly Cue[]): string {
  return cues
    .map((cue, index) => {
      const [first = '', ...rest] = cue.lines;
      const text = [`${cue.speaker === '' ? '' : `${cue.speaker}: `}${first}`, ...rest].map(plain).join('\r\n');
      return `${index + 1}\r\n${timecode(cue.startMs, ',')} --> ${timecode(cue.endMs, ',')}\r\n${text}\r\n\r\n`;
    })
    .join('');
}

const plain = (line: string): string =>
  line
    .replaceAll('-->', '→')
    .replaceAll('<', '‹')
    .replaceAll('>', '›')
    .replaceAll('{', '(')
    .replaceAll('}', ')')
    .replaceAll(/[\r\n]+/g, ' ');
