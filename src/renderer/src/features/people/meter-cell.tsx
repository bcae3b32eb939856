import { useEffect, useRef, type RefObject } from 'react';
import { useStore } from 'zustand';
import { Button } from 'react-aria-components';
import { words } from '../../text/messages.ts';
import { attachElements, clearClip, clipStore } from './meter-engine.ts';

export interface MeterRefs {
  readonly meter: RefObject<HTMLDivElement | null>;
  readonly figure: RefObject<HTMLSpanElement | null>;
  readonly peak: RefObject<HTMLSpanElement | null>;
}

/** The elements of one meter, kept written by the engine while `isMetered`. */
export function useMeterRefs(key: string, isMetered: boolean): MeterRefs {
  const meter = useRef<HTMLDivElement>(null);
  const figure = useRef<HTMLSpanElement>(null);
  const peak = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    if (!isMetered || !meter.current) return;
    return attachElements(key, { meter: meter.current, figure: figure.current, peak: peak.current });
  });
  return { meter, figure, peak };
}

/** The place of a bar: the canvas draws it, this one speaks it. `word` stands there instead of a bar. */
export function MeterSlot({
  name,
  word,
  refs,
}: {
  readonly name: string;
  readonly word: string | null;
  readonly refs: MeterRefs;
}) {
  return (
    <div className="metered">
      {word === null ? (
        <div
          ref={refs.meter}
          className="slot"
          role="meter"
          aria-label={name}
          aria-valuemin={-60}
          aria-valuemax={0}
          aria-valuenow={-60}
          aria-valuetext={words.level.silent}
        >
          <span className="gone-word">{words.people.noSound}</span>
        </div>
      ) : (
        <div
          className={word === words.people.muted ? 'meter muted' : 'meter gone'}
          role="meter"
          aria-label={name}
          aria-valuemin={-60}
          aria-valuemax={0}
          aria-valuenow={-60}
          aria-valuetext={word}
        >
          {word}
        </div>
      )}
      <span />
    </div>
  );
}

/** The highest of the last 20 s, or the word `clip` that a press clears. */
export function PeakFigure({
  meterKey,
  name,
  refs,
}: {
  readonly meterKey: string;
  readonly name: string;
  readonly refs: MeterRefs;
}) {
  const isClipped = useStore(clipStore, (state) => state.keys.has(meterKey));
  return (
    <>
      {isClipped ? (
        <Button className="copy bad" aria-label={words.people.clipped(name)} onPress={() => clearClip(meterKey)}>
          {words.people.clip}
        </Button>
      ) : null}
      <span ref={refs.peak} className={isClipped ? 'vh' : ''} />
    </>
  );
}

/** −60 to 0 above the bars. */
export function MeterScale() {
  return (
    <div className="scale" aria-hidden="true">
      {[-60, -48, -36, -24, -18, -12, -6, 0].map((db) => (
        <span key={db} style={{ left: `${((db + 60) / 60) * 100}%` }}>
          {db === 0 ? '0' : `−${-db}`}
        </span>
      ))}
    </div>
  );
}
