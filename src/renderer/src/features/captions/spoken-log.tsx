import { useEffect, useState } from 'react';
import { transcriptStore } from '../../stores/transcript.ts';
import { captionsWords } from '../../text/captions-messages.ts';

const everyMs = 2_000; // faster, and a screen reader never ends a sentence
const maxLines = 4;
const maxShown = 6; // what has been spoken need not stay

interface Spoken {
  readonly id: number;
  readonly text: string;
}

/** Final lines for screen readers, outside the virtual list: at most every 2 s, the newest where there are too many. */
export function SpokenLog() {
  const [spoken, setSpoken] = useState<readonly Spoken[]>([]);
  useEffect(() => {
    let waiting: string[] = [];
    let count = 0;
    const stop = transcriptStore.subscribe(({ sessionId, lastCame }, before) => {
      if (sessionId !== before.sessionId) {
        waiting = [];
        setSpoken([]);
      } else if (lastCame !== before.lastCame && lastCame?.type === 'utterance')
        waiting.push(`${lastCame.name}: ${lastCame.text}`);
    });
    const timer = setInterval(() => {
      if (waiting.length === 0) return;
      const over = Math.max(0, waiting.length - maxLines);
      const lines = waiting.slice(over);
      waiting = [];
      count += 1;
      const text = [...(over === 0 ? [] : [captionsWords.lines.leftOut(over)]), ...lines].join(' ');
      setSpoken((before) => [...before.slice(1 - maxShown), { id: count, text }]);
    }, everyMs);
    return () => {
      stop();
      clearInterval(timer);
    };
  }, []);
  return (
    <div className="vh" role="log" aria-live="polite" aria-atomic="false" aria-label={captionsWords.lines.spoken}>
      {spoken.map((each) => (
        <p key={each.id}>{each.text}</p>
      ))}
    </div>
  );
}
