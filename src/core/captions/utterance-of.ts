import type { Utterance } from '../../shared/model/captions.ts';
import type { Heard } from './gladia/heard.ts';
import type { Speaker } from './speakers.ts';

/** What was heard, as the transcript has it. `zeroMs`: wall clock of session time zero; the delay is measured against it. */
export function utteranceOf(
  id: string,
  heard: Heard,
  who: Speaker,
  times: { readonly nowMs: number; readonly zeroMs: number },
): Omit<Utterance, 'type' | 'seq'> {
  const { text, isFinal, language, confidence } = heard;
  return {
    id,
    ...who,
    text,
    isFinal,
    startMs: Math.round(heard.startMs),
    endMs: Math.round(heard.endMs),
    words: heard.words.map((word) => ({
      text: word.text,
      startMs: Math.round(word.startMs),
      endMs: Math.round(word.endMs),
      confidence: word.confidence,
    })),
    language,
    confidence,
    delayMs: isFinal ? Math.max(0, Math.round(times.nowMs - (times.zeroMs + heard.endMs))) : null,
  };
}
