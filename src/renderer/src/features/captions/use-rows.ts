import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
  type VirtualItem,
} from '@tanstack/react-virtual';
import { useCallback, useLayoutEffect, useReducer, useRef, useState, type RefObject } from 'react';

const rowPx = 24;
const extraRows = 8;

export interface Rows {
  /** The rows that stand in the DOM. */
  readonly items: readonly VirtualItem[];
  readonly totalPx: number;
  /** Ref of each row, so that it is measured. */
  readonly measure: (row: HTMLLIElement | null) => void;
  readonly goTo: (index: number) => void;
}

const nothing: Pick<Rows, 'items' | 'totalPx'> = { items: [], totalPx: 0 };

/**
 * The rows of a long list that are in sight, with a few more on either side. Drawn again by one state of its own: the
 * list lives in the box's scroll events, not in React.
 */
export function useRows(box: RefObject<HTMLElement | null>, keys: readonly string[]): Rows {
  const [list] = useState(openList);
  const [shown, look] = useReducer(() => ({ items: list.getVirtualItems(), totalPx: list.getTotalSize() }), nothing);
  const latest = useRef(keys);
  useLayoutEffect(() => {
    latest.current = keys;
    list.setOptions({
      ...list.options,
      count: keys.length,
      getScrollElement: () => box.current,
      getItemKey: (index) => latest.current[index] ?? index,
      onChange: look,
    });
    list._willUpdate();
    look();
  }, [list, box, keys]);
  useLayoutEffect(() => list._didMount(), [list]);
  const goTo = useCallback((index: number) => list.scrollToIndex(index, { align: 'center' }), [list]);
  return { ...shown, measure: list.measureElement, goTo };
}

function openList(): Virtualizer<HTMLElement, HTMLLIElement> {
  const list = new Virtualizer<HTMLElement, HTMLLIElement>({
    count: 0,
    getScrollElement: () => null,
    estimateSize: () => rowPx,
    overscan: extraRows,
    observeElementRect,
    observeElementOffset,
    scrollToFn: elementScroll,
  });
  // On the way up a row that turns out taller must not move the scroll: that would end the glide of a wheel or a key.
  list.shouldAdjustScrollPositionOnItemSizeChange = (item, _delta, { scrollDirection, scrollOffset }) =>
    scrollDirection !== 'backward' && item.start < (scrollOffset ?? 0);
  return list;
}
