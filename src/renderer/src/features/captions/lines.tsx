import { useEffect, useMemo, useRef, type RefObject } from 'react';
import { useStore } from 'zustand';
import type { CaptionSession, TranscriptEntry } from '../../../../shared/model/captions.ts';
import { transcriptStore } from '../../stores/transcript.ts';
import { captionsWords } from '../../text/captions-messages.ts';
import { captionsView } from './captions-view.ts';
import { matchingRows, patternOf } from './find-matches.ts';
import { joinedGaps } from './joined-gaps.ts';
import { LineRow } from './line-row.tsx';
import { PartialLines } from './partial-lines.tsx';
import { stopFollowing, useFollow } from './use-follow.ts';
import { useRows } from './use-rows.ts';

/** The lines: a virtual list, so that a show of hours costs no more than what is seen of it. */
export function Lines({ session }: { readonly session: CaptionSession }) {
  const box = useRef<HTMLElement>(null);
  const kept = useStore(transcriptStore, (state) => state.kept);
  const rows = useMemo(() => joinedGaps(kept), [kept]);
  const forgotten = useStore(transcriptStore, (state) => state.forgottenCount);
  const query = useStore(captionsView, (state) => state.find?.query ?? '');
  const pattern = useMemo(() => patternOf(query), [query]);
  const hueOf = useHues(session);
  const zeroMs = session.startedAtMs ?? session.stateAtMs;
  const keys = useMemo(() => rows.map((row) => row.id), [rows]);
  const { items, totalPx, measure, goTo } = useRows(box, keys);
  const found = useFound(rows, pattern, goTo);
  useFollow(box, totalPx);
  useHomeKey(box, goTo);
  return (
    <section
      className="lines scroll"
      ref={box}
      tabIndex={totalPx === 0 ? -1 : 0}
      aria-label={captionsWords.lines.label}
    >
      <div className="lines-fill">
        {forgotten === 0 ? null : <p className="note line-note">{captionsWords.lines.forgotten(forgotten)}</p>}
        <ol className="kept" style={{ height: totalPx }}>
          {items.map((item) => {
            const entry = rows[item.index];
            if (!entry) return null;
            return (
              <li key={item.key} ref={measure} data-index={item.index} style={{ top: item.start }}>
                <LineRow
                  entry={entry}
                  zeroMs={zeroMs}
                  hue={entry.type === 'utterance' ? (hueOf.get(entry.identity) ?? 1) : 1}
                  pattern={pattern}
                  isFound={item.index === found}
                />
              </li>
            );
          })}
        </ol>
        <PartialLines zeroMs={zeroMs} hueOf={hueOf} />
      </div>
    </section>
  );
}

function useHues(session: CaptionSession): ReadonlyMap<string, number> {
  const { speakers } = session;
  return useMemo(() => new Map(speakers.map((speaker) => [speaker.identity, speaker.hue])), [speakers]);
}

/** The row of the present match; goes there when it changes. */
function useFound(
  rows: readonly TranscriptEntry[],
  pattern: RegExp | null,
  goTo: (index: number) => void,
): number | null {
  const at = useStore(captionsView, (state) => state.find?.at ?? 0);
  const matches = useMemo(() => matchingRows(rows, pattern), [rows, pattern]);
  const found = matches.length === 0 ? null : (matches.at(at % matches.length) ?? null);
  const foundId = found === null ? null : (rows[found]?.id ?? null);
  const go = useRef(goTo);
  const where = useRef(found);
  useEffect(() => {
    go.current = goTo;
    where.current = found;
  });
  useEffect(() => {
    if (foundId === null || where.current === null) return;
    stopFollowing();
    go.current(where.current);
  }, [foundId]);
  return found;
}

/** Home goes to the oldest line at once: the browser's own glide ends early where rows are measured on its way. */
function useHomeKey(box: RefObject<HTMLElement | null>, goTo: (index: number) => void): void {
  useEffect(() => {
    const element = box.current;
    const hear = (event: KeyboardEvent): void => {
      if (event.key !== 'Home' || event.target !== element) return;
      event.preventDefault();
      stopFollowing();
      goTo(0);
    };
    element?.addEventListener('keydown', hear);
    return () => element?.removeEventListener('keydown', hear);
  }, [box, goTo]);
}
