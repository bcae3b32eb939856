import { useRef, type ComponentProps, type CSSProperties, type KeyboardEvent, type PointerEvent } from 'react';

const stepPx = 16;
const bigStepPx = 64;

export interface SplitHandleProps {
  readonly label: string;
  /** `x`: a width, dragged sideways; `y`: a height. */
  readonly axis: 'x' | 'y';
  /** Whether the panel grows when the pointer goes towards the end of the axis. */
  readonly grows: 'forward' | 'backward';
  readonly sizePx: number;
  readonly minPx: number;
  readonly maxPx: number;
  readonly isShut: boolean;
  readonly style: CSSProperties;
  /** While it moves; `isLast` at the end of the move: keep it then. */
  readonly onSize: (sizePx: number, isLast: boolean) => void;
  /** Enter, Space or a double click fold the panel away and back. */
  readonly onFold: () => void;
}

/** The edge between two panels: dragged, or moved by arrow keys. */
export function SplitHandle(props: SplitHandleProps) {
  const { axis, grows, sizePx, minPx, maxPx, onSize } = props;
  const start = useRef<{ readonly at: number; readonly sizePx: number } | null>(null);
  const sign = grows === 'forward' ? 1 : -1;
  const bound = (px: number): number => Math.round(Math.min(maxPx, Math.max(minPx, px)));
  const at = (event: PointerEvent): number => (axis === 'x' ? event.clientX : event.clientY);
  const moved = (event: PointerEvent): number | null =>
    start.current === null ? null : bound(start.current.sizePx + sign * (at(event) - start.current.at));

  const onKeyDown = (event: KeyboardEvent): void => {
    const back = axis === 'x' ? 'ArrowLeft' : 'ArrowUp';
    const forth = axis === 'x' ? 'ArrowRight' : 'ArrowDown';
    const step = event.shiftKey ? bigStepPx : stepPx;
    const next =
      event.key === back
        ? sizePx - sign * step
        : event.key === forth
          ? sizePx + sign * step
          : event.key === 'Home'
            ? minPx
            : event.key === 'End'
              ? maxPx
              : null;
    if (next !== null) onSize(bound(next), true);
    else if (event.key === 'Enter' || event.key === ' ') props.onFold();
    else return;
    event.preventDefault();
  };

  // A window splitter: a separator that takes the focus and has a value. The tag `hr` cannot be that.
  const handle: ComponentProps<'div'> = {
    className: `split-handle ${axis}`,
    style: props.style,
    role: 'separator',
    tabIndex: 0,
    'aria-label': props.label,
    'aria-orientation': axis === 'x' ? 'vertical' : 'horizontal',
    'aria-valuenow': props.isShut ? 0 : Math.round(sizePx),
    'aria-valuemin': 0,
    'aria-valuemax': Math.round(maxPx),
    onKeyDown,
    onDoubleClick: props.onFold,
    onPointerDown: (event) => {
      if (event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      event.currentTarget.dataset['dragging'] = '';
      start.current = { at: at(event), sizePx };
    },
    onPointerMove: (event) => {
      const px = moved(event);
      if (px !== null) onSize(px, false);
    },
    onPointerUp: (event) => {
      const px = moved(event);
      const hasMoved = start.current !== null && px !== start.current.sizePx;
      start.current = null;
      delete event.currentTarget.dataset['dragging'];
      if (px !== null && hasMoved) onSize(px, true);
    },
    onPointerCancel: (event) => {
      start.current = null;
      delete event.currentTarget.dataset['dragging'];
    },
  };
  return <div {...handle} />;
}
