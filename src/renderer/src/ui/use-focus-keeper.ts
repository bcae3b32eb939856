import { useEffect } from 'react';

const lookEveryMs = 250;

/**
 * Keeps the focus near when the control that had it goes away or can no longer be pressed: a notice that was dismissed, a
 * button that became a state, a Save whose field is empty again. Without it the focus falls back to the page, unseen, and
 * Esc closes nothing. Where a dialog closes, it puts the focus back itself.
 */
export function useFocusKeeper(): void {
  useEffect(() => {
    let last: { readonly element: Element; readonly panel: HTMLElement | null } | null = null;
    const keep = (event: FocusEvent): void => {
      if (!(event.target instanceof Element)) return;
      last = { element: event.target, panel: event.target.closest<HTMLElement>('[data-panel]') };
    };
    const look = (): void => {
      if (!last || document.activeElement !== document.body) return;
      if (last.element.isConnected && !last.element.matches(':disabled')) return;
      const dialog = [...document.querySelectorAll<HTMLElement>('[role=dialog], [role=alertdialog]')].at(-1);
      const panel = last.panel?.isConnected ? last.panel : document.querySelector<HTMLElement>('[data-panel]');
      last = null;
      (dialog ?? panel)?.focus({ preventScroll: true });
    };
    addEventListener('focusin', keep);
    const timer = setInterval(look, lookEveryMs);
    return () => {
      removeEventListener('focusin', keep);
      clearInterval(timer);
    };
  }, []);
}
