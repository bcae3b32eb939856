import { useEffect } from 'react';

const lookEveryMs = 250;

/**
 * Keeps the focus in its panel when the control that had it goes away: a notice that was dismissed, a button that became
 * a state. Without it the focus falls back to the page, unseen. Where a dialog closes, it puts the focus back itself.
 */
export function useFocusKeeper(): void {
  useEffect(() => {
    let last: { readonly element: Element; readonly panel: HTMLElement | null } | null = null;
    const keep = (event: FocusEvent): void => {
      if (!(event.target instanceof Element)) return;
      last = { element: event.target, panel: event.target.closest<HTMLElement>('[data-panel]') };
    };
    const look = (): void => {
      if (!last || last.element.isConnected || document.activeElement !== document.body) return;
      const isDialogOpen = document.querySelector('[role=dialog], [role=alertdialog]') !== null;
      if (isDialogOpen) return;
      const panel = last.panel?.isConnected ? last.panel : document.querySelector<HTMLElement>('[data-panel]');
      last = null;
      panel?.focus({ preventScroll: true });
    };
    addEventListener('focusin', keep);
    const timer = setInterval(look, lookEveryMs);
    return () => {
      removeEventListener('focusin', keep);
      clearInterval(timer);
    };
  }, []);
}
