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
      // An address that is being typed is not yet in the order: it is kept or left first.
      if (event.target instanceof Element && event.target.closest('.new-address')) return;
      event.preventDefault();
      event.stopPropagation();
      latest.current();
    };
    addEventListener('keydown', hear, { capture: true });
    return () => removeEventListener('keydown', hear, { capture: true });
  }, []);
}
