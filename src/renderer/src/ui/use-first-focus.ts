import { useEffect, useRef, type RefObject } from 'react';

/** A ref for the element that takes the focus when its part of the window opens: the first field of a dialog, a search. */
export function useFirstFocus<E extends HTMLElement>(isFirst = true): RefObject<E | null> {
  const element = useRef<E>(null);
  useEffect(() => {
    if (isFirst) element.current?.focus();
  }, [isFirst]);
  return element;
}
