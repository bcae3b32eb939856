import { useEffect, useRef } from 'react';

/** Ctrl or Cmd with Enter, from any field of the panel. */
export function useModEnter(start: () => void): void {
  const latest = useRef(start);
  useEffect(() => {
    latest.current = start;
  });
  useEffect(() => {
    const hear = (event: KeyboardEvent): void => {
      if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.repeat) return;
      if (event.target instanceof Element && isElsewhere(event.target)) return;
      event.preventDefault();
      event.stopPropagation();
      latest.current();
    };
    addEventListener('keydown', hear, { capture: true });
    return () => removeEventListener('keydown', hear, { capture: true });
  }, []);
}

/** An address that is being typed is not yet in the order; and a dialog that lies over the panel is not the panel. */
function isElsewhere(element: Element): boolean {
  if (element.closest('.new-address')) return true;
  const dialog = element.closest('.dialog');
  return dialog !== null && dialog.querySelector('.split2') === null;
}
