import { memo } from 'react';
import type { Gap, TranscriptEntry } from '../../../../shared/model/captions.ts';
import { clockUtc } from '../../../../shared/text/utc.ts';
import { captionsWords } from '../../text/captions-messages.ts';
import { Copyable } from '../../ui/copyable.tsx';
import { Icon } from '../../ui/icon.tsx';
import { useNow } from '../../ui/use-now.ts';
import { cutAt } from './find-matches.ts';

const text = captionsWords.lines;

export interface LineRowProps {
  readonly entry: TranscriptEntry;
  /** Wall clock of session time zero. */
  readonly zeroMs: number;
  /** 1 to 8; what is not of a person has none. */
  readonly hue: number;
  readonly pattern: RegExp | null;
  readonly isFound: boolean;
}

/** One row of the transcript: when, who, what. Each line takes its own direction; times and columns stay. */
export const LineRow = memo(function LineRow(props: LineRowProps) {
  const { entry, zeroMs, hue, pattern, isFound } = props;
  const found = isFound ? ' is-found' : '';
  const time = <Copyable text={clockUtc(zeroMs + entry.startMs)} label={text.time} />;
  switch (entry.type) {
    case 'gap':
      return (
        <div className={`line gapline${found}`}>
          <time>{clockUtc(zeroMs + entry.startMs)}</time>
          <GapName gap={entry} zeroMs={zeroMs} />
          <p dir="auto">
            {entry.name === null ? null : (
              <>
                <bdi>{entry.name}</bdi>
                {': '}
              </>
            )}
            <Marked words={entry.cause} pattern={pattern} />
          </p>
        </div>
      );
    case 'marker':
      return (
        <div className={`line markline${found}`}>
          {time}
          <span className="name row">
            <Icon name="flag" isSmall />
            {captionsWords.marker.row}
          </span>
          <p dir="auto">
            {entry.name === '' ? (
              <span className="dim">{captionsWords.marker.unnamed}</span>
            ) : (
              <Marked words={entry.name} pattern={pattern} />
            )}
          </p>
        </div>
      );
    case 'utterance':
      return (
        <div className={`line${found}`} style={{ ['--sp' as string]: `var(--speaker-${hue})` }}>
          {time}
          <span className="name cut" title={entry.name}>
            <bdi>
              <Marked words={entry.name || text.unknown} pattern={pattern} />
            </bdi>
          </span>
          <p dir="auto" lang={entry.language === '' ? undefined : entry.language}>
            <Marked words={entry.text} pattern={pattern} />
          </p>
        </div>
      );
  }
});

function GapName({ gap, zeroMs }: { readonly gap: Gap; readonly zeroMs: number }) {
  return (
    <span className="name">
      {gap.endMs === null ? <OpenGap sinceMs={zeroMs + gap.startMs} /> : text.gap(gapMs(gap.endMs - gap.startMs))}
    </span>
  );
}

/** Never said as shorter than it was. */
const gapMs = (ms: number): number => Math.ceil(ms / 1000) * 1000;

function OpenGap({ sinceMs }: { readonly sinceMs: number }) {
  const nowMs = useNow();
  return <>{text.gapNow(nowMs - sinceMs)}</>;
}

function Marked({ words, pattern }: { readonly words: string; readonly pattern: RegExp | null }) {
  const parts = cutAt(words, pattern);
  if (parts.length === 1) return <>{words}</>;
  // Every second part is a match; they have no other name than their place.
  return <>{parts.map((part, index) => (index % 2 === 1 ? <mark key={index}>{part}</mark> : part))}</>;
}
