import { useCallback } from 'react';
import { Button } from 'react-aria-components';
import { useStore } from 'zustand';
import { words } from '../../text/messages.ts';
import { attachPart, clearClip, clipStore, type MeterPart } from './meter-engine.ts';

/** A ref whose element the engine keeps written. */
function usePart(key: string, part: MeterPart): (element: HTMLElement | null) => (() => void) | undefined {
  return useCallback((element) => (element ? attachPart(key, part, element) : undefined), [key, part]);
}

/** The place of a bar: the canvas draws it, this one speaks it. `word` stands there instead of a bar. */
export function MeterSlot(props: { readonly meterKey: string; readonly name: string; readonly word: string | null }) {
  const ref = usePart(props.meterKey, 'meter');
  const value = {
    role: 'meter',
    'aria-label': props.name,
    'aria-valuemin': -60,
    'aria-valuemax': 0,
    'aria-valuenow': -60,
  };
  return (
    <div className="metered">
      {props.word === null ? (
        <div key="bar" ref={ref} className="slot" {...value} aria-valuetext={words.level.silent}>
          <span className="gone-word">{words.people.noSound}</span>
        </div>
      ) : (
        <div
          key="word"
          className={props.word === words.people.muted ? 'meter muted' : 'meter gone'}
          {...value}
          aria-valuetext={props.word}
        >
          {props.word}
        </div>
      )}
      <span />
    </div>
  );
}

/** The level in figures. */
export function LevelFigure({ meterKey }: { readonly meterKey: string }) {
  return <span className="fig" ref={usePart(meterKey, 'figure')} />;
}

/** The highest of the last 20 s, or the word `clip` that a press clears. */
export function PeakFigure({ meterKey, name }: { readonly meterKey: string; readonly name: string }) {
  const isClipped = useStore(clipStore, (state) => state.keys.has(meterKey));
  const ref = usePart(meterKey, 'peak');
  return (
    <>
      {isClipped ? (
        <Button className="copy bad" aria-label={words.people.clipped(name)} onPress={() => clearClip(meterKey)}>
          {words.people.clip}
        </Button>
      ) : null}
      <span ref={ref} className={isClipped ? 'vh' : 'fig'} />
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
