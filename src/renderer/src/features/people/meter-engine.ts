import { createStore } from 'zustand/vanilla';
import { words } from '../../text/messages.ts';
import { fall, floorDb, isGone, newMeter, take, type Meter } from './meter-model.ts';
import type { MeterPainter } from './meter-painter.ts';

const figuresEveryMs = 250; // a figure that changes faster cannot be read
const spokenEveryMs = 1_000; // and one that is spoken faster cannot be heard
const tailMs = 250; // five frames that did not come: a busy machine may be late by two or three
const noSound = -32_768; // src/shared/contract/levels.ts

/** The key of the program's own meter. People's keys are their identities. */
export const programKey = '';

/** What of a meter is written directly into an element, because a level never goes through React. */
export type MeterPart = 'meter' | 'figure' | 'peak';
type MeterElements = Partial<Record<MeterPart, HTMLElement>>;

/** One canvas and the meters that stand on it, top to bottom. */
export interface MeterColumn {
  readonly painter: MeterPainter;
  rows(): readonly {
    readonly key: string;
    readonly topPx: number;
    readonly heightPx: number;
    readonly hasBar: boolean;
  }[];
}

/** Who has clipped since it was last cleared. Changes rarely, so React may follow it. */
export const clipStore = createStore<{ readonly keys: ReadonlySet<string> }>(() => ({ keys: new Set() }));

const meters = new Map<string, Meter>();
const elements = new Map<string, MeterElements>();
const columns = new Set<MeterColumn>();
let order: readonly string[] = [];
let figuresAtMs = 0;
let spokenAtMs = 0;
let frameAtMs = -Infinity;
let tail: ReturnType<typeof setTimeout> | null = null;

function meterOf(key: string): Meter {
  let meter = meters.get(key);
  if (!meter) {
    meter = newMeter(performance.now());
    meters.set(key, meter);
  }
  return meter;
}

/** The people of the level frames that follow, in their order. Meters of others are let go. */
export function setPeople(identities: readonly string[]): void {
  order = [programKey, ...identities];
  const present = new Set(order);
  for (const key of meters.keys()) if (!present.has(key)) meters.delete(key);
}

/** Takes one binary level frame. A frame of another length than the people's is of an older set, and is left out. */
export function takeFrame(frameBytes: ArrayBuffer): void {
  if (frameBytes.byteLength !== order.length * 4) return;
  const view = new DataView(frameBytes);
  const nowMs = performance.now();
  frameAtMs = nowMs;
  for (const [index, key] of order.entries()) {
    const peak = view.getInt16(index * 4, true);
    take(meterOf(key), peak === noSound ? null : peak / 10, nowMs);
  }
  draw();
}

/** Draws at once what has moved; nothing while the window is hidden. It waits for no frame of the page: it needs none. */
export function draw(): void {
  if (document.hidden) return;
  const nowMs = performance.now();
  let isFalling = false;
  const areStopped = nowMs - frameAtMs > tailMs;
  for (const meter of meters.values()) {
    if (areStopped) fall(meter, nowMs); // else the next frame lets it fall: a steady level must not flicker between two
    isFalling ||= meter.shownDb > floorDb;
  }
  const seen: string[] = [];
  for (const column of columns) {
    for (const [slot, row] of column.rows().entries()) {
      column.painter.draw(slot, row.topPx, row.heightPx, row.hasBar ? heardMeter(row.key, nowMs) : null);
      seen.push(row.key);
    }
  }
  if (nowMs - figuresAtMs >= figuresEveryMs) {
    figuresAtMs = nowMs;
    const isSpoken = nowMs - spokenAtMs >= spokenEveryMs;
    if (isSpoken) spokenAtMs = nowMs;
    // Only what is in sight: a cell that is reached by keys or by a screen reader is scrolled into sight by it.
    for (const key of seen) {
      const parts = elements.get(key);
      if (parts) write(parts, meterOf(key), nowMs, isSpoken);
    }
    noteClips();
  }
  if (isFalling || [...elements.keys()].some((key) => !isGone(meterOf(key), nowMs))) keepFalling();
}

/** Frames come at 20 Hz and each asks for a drawing; this lets the bars fall after the frames have stopped. */
function keepFalling(): void {
  tail ??= setTimeout(() => {
    tail = null;
    if (performance.now() - frameAtMs > tailMs) draw();
    else keepFalling();
  }, tailMs);
}

function heardMeter(key: string, nowMs: number): Meter | null {
  const meter = meterOf(key);
  return isGone(meter, nowMs) ? null : meter;
}

function write(each: MeterElements, meter: Meter, nowMs: number, isSpoken: boolean): void {
  const gone = isGone(meter, nowMs);
  const figure = gone ? words.common.none : words.level.figure(meter.shownDb);
  const peak = words.level.figure(meter.holdDb);
  if (each.figure) show(each.figure, figure);
  if (each.peak) show(each.peak, peak);
  each.meter?.classList.toggle('gone', gone);
  if (isSpoken && each.meter) speak(each.meter, meter, gone);
}

/** Changes the text where it stands: another text node would be styled, laid out and layered anew, four times a second. */
function show(element: HTMLElement, text: string): void {
  const { firstChild } = element;
  if (!(firstChild instanceof Text)) element.textContent = text;
  else if (firstChild.data !== text) firstChild.data = text;
}

function speak(element: HTMLElement, meter: Meter, gone: boolean): void {
  const value = Math.round(meter.shownDb);
  const spoken = gone
    ? words.level.none
    : value <= floorDb
      ? words.level.silent
      : value === 0
        ? words.level.full
        : words.level.spoken(value);
  if (element.getAttribute('aria-valuetext') === spoken) return;
  element.setAttribute('aria-valuenow', String(value));
  element.setAttribute('aria-valuetext', spoken);
}

function noteClips(): void {
  const keys = clipStore.getState().keys;
  const clipped = [...meters].filter(([, meter]) => meter.isClipped).map(([key]) => key);
  if (clipped.length !== keys.size || clipped.some((key) => !keys.has(key)))
    clipStore.setState({ keys: new Set(clipped) });
}

/** Puts out the clip mark of one meter. */
export function clearClip(key: string): void {
  const meter = meters.get(key);
  if (meter) meter.isClipped = false;
  noteClips();
  draw();
}

/** Keeps an element written with its part of a meter until the returned function is called. */
export function attachPart(key: string, part: MeterPart, element: HTMLElement): () => void {
  const parts = elements.get(key) ?? {};
  parts[part] = element;
  elements.set(key, parts);
  return () => {
    if (parts[part] === element) delete parts[part];
    if (Object.keys(parts).length === 0 && elements.get(key) === parts) elements.delete(key);
  };
}

/** Keeps a column drawn until the returned function is called. */
export function attachColumn(column: MeterColumn): () => void {
  columns.add(column);
  draw();
  return () => void columns.delete(column);
}

document.addEventListener('visibilitychange', draw);
