import { useEffect, useRef } from 'react';
import { words } from '../../text/messages.ts';
import { LevelFigure, MeterScale, MeterSlot, PeakFigure } from '../people/meter-cell.tsx';
import { attachColumn, programKey } from '../people/meter-engine.ts';
import { MeterPainter } from '../people/meter-painter.ts';

/** The level of the mix of everybody, as it arrives at this computer. */
export function ProgramMeter() {
  const canvas = useRef<HTMLCanvasElement>(null);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const surface = canvas.current;
    const outer = box.current;
    if (!surface || !outer) return;
    const painter = new MeterPainter(surface);
    let topPx = 0;
    const fit = (): void => {
      const slot = outer.querySelector('.pgm-slot')?.getBoundingClientRect();
      if (!slot) return;
      const frame = outer.getBoundingClientRect();
      surface.style.left = `${slot.left - frame.left}px`;
      surface.style.top = `${slot.top - frame.top - 2}px`;
      painter.fit(Math.round(slot.width), Math.round(slot.height) + 4);
      topPx = 2;
      painter.clear();
    };
    const observer = new ResizeObserver(fit);
    observer.observe(outer);
    const themes = new MutationObserver(fit); // the bars are painted in the colours of the theme
    themes.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
    fit();
    const detach = attachColumn({ painter, rows: () => [{ key: programKey, topPx, heightPx: 12, hasBar: true }] });
    return () => {
      detach();
      observer.disconnect();
      themes.disconnect();
    };
  }, []);
  return (
    <>
      <div className="pgmmeters" ref={box}>
        <span />
        <div className="metered">
          <MeterScale />
        </div>
        <span>{words.program.mix}</span>
        <div className="pgm-slot">
          <MeterSlot meterKey={programKey} name={words.program.mixLevel} word={null} />
        </div>
        <canvas ref={canvas} className="meter-canvas" aria-hidden="true" />
      </div>
      <dl className="lufs">
        <dt>{words.program.level}</dt>
        <dd>
          <LevelFigure meterKey={programKey} /> <small>{words.program.dbfs}</small>
        </dd>
        <dt>{words.program.peak}</dt>
        <dd>
          <PeakFigure meterKey={programKey} name={words.program.mix} /> <small>{words.program.dbfs}</small>
        </dd>
      </dl>
    </>
  );
}
