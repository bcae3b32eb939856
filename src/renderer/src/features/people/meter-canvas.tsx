import { useEffect, useRef, type RefObject } from 'react';
import { attachColumn, draw } from './meter-engine.ts';
import { MeterPainter } from './meter-painter.ts';
import type { PersonRow } from './people-rows.ts';

const spareRows = 1; // half a row may show at each end

interface Geometry {
  headPx: number;
  rowPx: number;
  viewPx: number;
  scrollPx: number;
}

/** The one canvas over the level column: as high as what is seen of the table, whatever its length. */
export function MeterCanvas({
  scroller,
  rows,
}: {
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly rows: readonly PersonRow[];
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const present = useRef(rows);
  const refit = useRef<() => void>(() => undefined);

  useEffect(() => {
    const box = scroller.current;
    const surface = canvas.current;
    if (!box || !surface) return;
    const painter = new MeterPainter(surface);
    const geometry: Geometry = { headPx: 0, rowPx: 28, viewPx: 0, scrollPx: 0 };
    let firstRow = 0;

    const fit = (): void => {
      const head = box.querySelector<HTMLElement>('thead');
      const scale = box.querySelector<HTMLElement>('thead .metered');
      const row = box.querySelector<HTMLElement>('tbody tr');
      if (!head || !scale || !row) return;
      const outer = box.getBoundingClientRect();
      const column = scale.getBoundingClientRect();
      geometry.headPx = head.getBoundingClientRect().height;
      geometry.rowPx = row.getBoundingClientRect().height;
      geometry.viewPx = Math.max(0, box.clientHeight - geometry.headPx);
      surface.style.left = `${column.left - outer.left}px`;
      surface.style.top = `${geometry.headPx}px`;
      painter.fit(Math.round(column.width), Math.round(geometry.viewPx));
      scrolled();
    };
    const scrolled = (): void => {
      geometry.scrollPx = box.scrollTop; // read while it is at hand: in the middle of a change it lays out the page
      firstRow = Math.floor(geometry.scrollPx / geometry.rowPx);
      painter.clear();
      draw();
    };
    refit.current = fit;

    const observer = new ResizeObserver(fit);
    observer.observe(box);
    const scale = box.querySelector('thead .metered');
    if (scale) observer.observe(scale);
    const themes = new MutationObserver(fit); // the bars are painted in the colours of the theme
    themes.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
    box.addEventListener('scroll', scrolled, { passive: true });

    fit();
    const detach = attachColumn({
      painter,
      rows: () => {
        const count = Math.ceil(geometry.viewPx / geometry.rowPx) + spareRows;
        return present.current.slice(firstRow, firstRow + count).map((row, index) => ({
          key: row.identity,
          topPx: (firstRow + index) * geometry.rowPx - geometry.scrollPx,
          heightPx: geometry.rowPx,
          hasBar: row.instead === null,
        }));
      },
    });
    return () => {
      detach();
      observer.disconnect();
      themes.disconnect();
      box.removeEventListener('scroll', scrolled);
    };
  }, [scroller]);

  // Rows are drawn by their own state at each frame; only where there come more or fewer does anything move.
  useEffect(() => {
    present.current = rows;
  }, [rows]);
  useEffect(() => {
    refit.current();
  }, [rows.length]);

  return <canvas ref={canvas} className="meter-canvas" aria-hidden="true" />;
}
