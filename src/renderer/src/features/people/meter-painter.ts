import { floorDb, type Meter } from './meter-model.ts';

const barHeightPx = 12;
const clipGapPx = 4;
const clipWidthPx = 8;
const holdWidthPx = 2;
const spacePx = 2; // above and below a bar nothing else is drawn; the hold is 1 higher
const ticks = 10; // each 6 dB
const zones = [
  { fromDb: -60, role: 'ok' },
  { fromDb: -20, role: 'warm' },
  { fromDb: -9, role: 'hot' },
] as const;

/** What was last drawn of one row, so that a row that did not move costs nothing. */
interface Drawn {
  lit: number;
  hold: number;
  isClipped: boolean;
  hasBar: boolean;
}

const share = (db: number): number => (Math.max(floorDb, Math.min(0, db)) - floorDb) / -floorDb;

/** A canvas gives its surface away once, while React may mount what draws on it twice. */
const surfaces = new WeakMap<HTMLCanvasElement, OffscreenCanvas>();

function surfaceOf(canvas: HTMLCanvasElement): OffscreenCanvas {
  const surface = surfaces.get(canvas) ?? canvas.transferControlToOffscreen();
  surfaces.set(canvas, surface);
  return surface;
}

/**
 * Draws a column of meters on one canvas: rows of equal height, the bar in the middle of each. Bed and lit bar are
 * painted once for a width and a theme; a moving meter then is one copy of what lies between, and a line. The surface is an off-screen one,
 * which goes to the screen by itself: drawing on the canvas itself takes a frame of the whole page, which costs twice as
 * much (3.1 % of a core at 20 Hz for 11 bars alone, and 1.5 % so).
 */
export class MeterPainter {
  readonly #canvas: HTMLCanvasElement;
  readonly #surface: OffscreenCanvas;
  readonly #context: OffscreenCanvasRenderingContext2D;
  #bed: ImageBitmap | null = null;
  #lit: ImageBitmap | null = null;
  #drawn: Drawn[] = [];
  #scale = 1;
  #barWidthPx = 0;
  #colours = { hold: '', line: '', hot: '' };

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
    this.#surface = surfaceOf(canvas);
    const context = this.#surface.getContext('2d');
    if (!context) throw new Error('This browser gives no 2D canvas');
    this.#context = context;
  }

  /** Fits the canvas to its box in CSS pixels and takes the colours of the present theme. Draws nothing. */
  fit(widthPx: number, heightPx: number): void {
    this.#scale = devicePixelRatio;
    this.#surface.width = Math.round(widthPx * this.#scale);
    this.#surface.height = Math.round(heightPx * this.#scale);
    this.#canvas.style.width = `${widthPx}px`;
    this.#canvas.style.height = `${heightPx}px`;
    this.#context.setTransform(this.#scale, 0, 0, this.#scale, 0, 0);
    this.#barWidthPx = Math.max(0, widthPx - clipGapPx - clipWidthPx);
    const style = getComputedStyle(this.#canvas);
    const role = (name: string): string => style.getPropertyValue(name).trim();
    this.#colours = { hold: role('--meter-hold'), line: role('--line-2'), hot: role('--meter-hot') };
    this.#bed = this.#paintBar((zone) => role(`--meter-${zone}-bed`), role('--meter-tick'));
    this.#lit = this.#paintBar((zone) => role(`--meter-${zone}`), role('--meter-tick'));
    this.#drawn = [];
  }

  /** Forgets what is drawn: after the rows moved, each is drawn again. */
  clear(): void {
    this.#context.clearRect(0, 0, this.#surface.width, this.#surface.height);
    this.#drawn = [];
  }

  /** Draws one row whose box begins at `topPx`. `slot` counts the visible rows from 0; null: no bar, the clip box only. */
  draw(slot: number, topPx: number, rowHeightPx: number, meter: Meter | null): void {
    const next: Drawn = {
      lit: meter ? Math.round(share(meter.shownDb) * this.#barWidthPx * this.#scale) : 0,
      hold: meter && meter.holdDb > floorDb ? Math.round(share(meter.holdDb) * this.#barWidthPx) : -1,
      isClipped: meter?.isClipped ?? false,
      hasBar: meter !== null,
    };
    const last = this.#drawn[slot];
    this.#drawn[slot] = next;
    // A whole pixel of the screen, also of one that is scaled: of one that is drawn by half, half stays when it is drawn over.
    const y = Math.round((topPx + (rowHeightPx - barHeightPx) / 2) * this.#scale) / this.#scale;
    const { hold, isClipped, hasBar } = next;
    if (last?.hold !== hold || last.isClipped !== isClipped || last.hasBar !== hasBar) this.#drawRow(next, y);
    else if (last.lit !== next.lit && hasBar) this.#drawMove(last.lit, next, y);
  }

  #drawRow({ lit, hold, isClipped, hasBar }: Drawn, y: number): void {
    const context = this.#context;
    const heightPx = (Math.ceil((barHeightPx + 2 * spacePx) * this.#scale) + 1) / this.#scale;
    context.clearRect(0, Math.floor((y - spacePx) * this.#scale) / this.#scale, this.#surface.width, heightPx);
    if (hasBar) {
      this.#copy(this.#bed, lit, this.#bed?.width ?? 0, y);
      this.#copy(this.#lit, 0, lit, y);
      this.#drawHold(hold, y);
    }
    const clipX = this.#barWidthPx + clipGapPx;
    if (isClipped) {
      context.fillStyle = this.#colours.hot;
      context.fillRect(clipX, y, clipWidthPx, barHeightPx);
    } else {
      context.strokeStyle = this.#colours.line;
      context.strokeRect(clipX + 0.5, y + 0.5, clipWidthPx - 1, barHeightPx - 1);
    }
  }

  /** Nothing but the end of the bar moved: what lies between there and where it was. */
  #drawMove(before: number, { lit, hold }: Drawn, y: number): void {
    if (lit > before) this.#copy(this.#lit, before, lit, y);
    else this.#copy(this.#bed, lit, before, y);
    this.#drawHold(hold, y);
  }

  #drawHold(hold: number, y: number): void {
    if (hold < 0) return;
    this.#context.fillStyle = this.#colours.hold;
    this.#context.fillRect(Math.min(hold, this.#barWidthPx - 1) - 1, y - 1, holdWidthPx, barHeightPx + 2);
  }

  /** Copies a stretch of a painted bar, `from` and `to` in pixels of the screen, to the same place of a row. */
  #copy(bar: ImageBitmap | null, from: number, to: number, y: number): void {
    if (bar === null || to <= from) return;
    const width = to - from;
    const { height } = bar;
    this.#context.drawImage(
      bar,
      from,
      0,
      width,
      height,
      from / this.#scale,
      y,
      width / this.#scale,
      height / this.#scale,
    );
  }

  #paintBar(colourOf: (zone: 'ok' | 'warm' | 'hot') => string, tick: string): ImageBitmap | null {
    const widthPx = Math.round(this.#barWidthPx * this.#scale);
    if (widthPx === 0) return null;
    const bar = new OffscreenCanvas(widthPx, Math.round(barHeightPx * this.#scale));
    const context = bar.getContext('2d');
    if (!context) return null;
    for (const zone of zones) {
      const from = share(zone.fromDb) * bar.width;
      context.fillStyle = colourOf(zone.role);
      context.fillRect(from, 0, bar.width - from, bar.height);
    }
    context.fillStyle = tick;
    for (let each = 1; each < ticks; each += 1)
      context.fillRect(Math.round((each / ticks) * bar.width) - this.#scale, 0, this.#scale, bar.height);
    return bar.transferToImageBitmap();
  }
}
