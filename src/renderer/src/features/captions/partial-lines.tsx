import { clockUtc } from '../../../../shared/text/utc.ts';
import { useStore } from 'zustand';
import { transcriptStore } from '../../stores/transcript.ts';
import { captionsWords } from '../../text/captions-messages.ts';

/**
 * What is being said now, after the lines that stay: grey, and set apart by a dashed line. Outside the virtual list,
 * since it changes several times a second while the list changes once in a few.
 */
export function PartialLines({
  zeroMs,
  hueOf,
}: {
  readonly zeroMs: number;
  readonly hueOf: ReadonlyMap<string, number>;
}) {
  const partials = useStore(transcriptStore, (state) => state.partials);
  if (partials.length === 0) return null;
  return (
    <ol className="partials">
      {partials.map((entry) => (
        <li
          key={entry.id}
          className="line partial"
          style={{ ['--sp' as string]: `var(--speaker-${hueOf.get(entry.identity) ?? 1})` }}
        >
          <time>{clockUtc(zeroMs + entry.startMs)}</time>
          <span className="name cut" title={entry.name}>
            <bdi>{entry.name || captionsWords.lines.unknown}</bdi>
          </span>
          <p dir="auto" lang={entry.language === '' ? undefined : entry.language}>
            {entry.text}
          </p>
        </li>
      ))}
    </ol>
  );
}
