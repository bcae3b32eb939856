import { floorDb, type Meter } from './meter-model.ts';

const barHeightPx = 12;
const clipGapPx = 4;
const clipWidthPx = 8;
const holdWidthPx = 2;
const spacePx = 2; // above and below a bar nothing else is drawn; the hold is 1 higher
const ticks = 10; // each 6 dB
const zones = [
  { fromDb: -60, toDb: -20, role: 'ok' },
  { fromDb: -20, toDb: -9, role: 'warm' },
  { fromDb: -9, toDb: 0, role: 'hot' },
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

/** A stretch of a bar that has one colour lit and one dark, in pixels of the screen. The cuts between are of none. */
interface Piece {
  readonly from: number;
  readonly to: number;
  readonly lit: string;
  readonly bed: string;
}

/**
 * Draws a column of meters on one canvas: rows of equal height, the bar in the middle of each. Where a bar lights in which
 * colour is found once for a width and a theme; a moving meter then is a rectangle between there and where it was, and a
 * line. Rectangles, since a copy of a painted bar costs ten times as much. The surface is an off-screen one, which goes to
 * the screen by itself: drawing on the canvas itself takes a frame of the whole page, which costs twice as much (3.1 % of a
 * core at 20 Hz for 11 bars alone, and 1.5 % so).
 */
export class MeterPainter {
  readonly #canvas: HTMLCanvasElement;
  readonly #surface: OffscreenCanvas;
  readonly #context: OffscreenCanvasRenderingContext2D;
  #pieces: readonly Piece[] = [];
  #drawn: Drawn[] = [];
  #scale = 1;
  #barWidthPx = 0;
  #barHeightPx = barHeightPx;
  #colours = { hold: '', line: '', hot: '', tick: '' };

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
    this.#barHeightPx = Math.round(barHeightPx * this.#scale) / this.#scale;
    const style = getComputedStyle(this.#canvas);
    const role = (name: string): string => style.getPropertyValue(name).trim();
    const line = role('--line-2');
    this.#colours = { hold: role('--meter-hold'), line, hot: role('--meter-hot'), tick: role('--meter-tick') };
    this.#pieces = piecesOf(Math.round(this.#barWidthPx * this.#scale), Math.round(this.#scale), role);
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
      context.fillStyle = this.#colours.tick;
      context.fillRect(0, y, this.#barWidthPx, this.#barHeightPx);
      this.#fill(0, this.#pieces.at(-1)?.to ?? 0, 'bed', y);
      this.#fill(0, lit, 'lit', y);
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
    if (lit > before) this.#fill(before, lit, 'lit', y);
    else this.#fill(lit, before, 'bed', y);
    this.#drawHold(hold, y);
  }

  #drawHold(hold: number, y: number): void {
    if (hold < 0) return;
    this.#context.fillStyle = this.#colours.hold;
    this.#context.fillRect(Math.min(hold, this.#barWidthPx - 1) - 1, y - 1, holdWidthPx, barHeightPx + 2);
  }

  /** Fills a stretch of a bar, `from` and `to` in pixels of the screen. */
  #fill(from: number, to: number, colour: 'lit' | 'bed', y: number): void {
    const context = this.#context;
    for (const piece of this.#pieces) {
      const left = Math.max(from, piece.from);
      const right = Math.min(to, piece.to);
      if (left >= right) continue;
      context.fillStyle = piece[colour];
      context.fillRect(left / this.#scale, y, (right - left) / this.#scale, this.#barHeightPx);
    }
  }
}

/** The zones of a bar, cut at each tick. */
function piecesOf(widthPx: number, tickPx: number, role: (name: string) => string): readonly Piece[] {
  const cuts = Array.from({ length: ticks }, (_, index) => Math.round(((index + 1) / ticks) * widthPx));
  return zones.flatMap((zone) => {
    const colours = { lit: role(`--meter-${zone.role}`), bed: role(`--meter-${zone.role}-bed`) };
    const first = Math.round(share(zone.fromDb) * widthPx);
    const last = Math.round(share(zone.toDb) * widthPx);
    return cuts.flatMap((cut, index) => {
      const from = Math.max(first, cuts[index - 1] ?? 0);
      const to = Math.min(last, cut === widthPx ? cut : cut - tickPx);
      return from < to ? [{ from, to, ...colours }] : [];
    });
  });
}
