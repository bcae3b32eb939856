import { useEffect } from 'react';
import { commandStore, type Command } from './registry.ts';

const isMac = navigator.platform.startsWith('Mac');

/** How a key is written for the eyes: "Ctrl K". */
export const keysText = (keys: string): string => keys.replace('Mod+', isMac ? '⌘ ' : 'Ctrl ');

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches('input:not([type=radio], [type=checkbox]), textarea, select'));

function matches(command: Command, event: KeyboardEvent): boolean {
  const keys = command.keys;
  if (keys === undefined) return false;
  const needsMod = keys.startsWith('Mod+');
  const hasMod = isMac ? event.metaKey : event.ctrlKey;
  if (needsMod !== hasMod || event.altKey || (isMac ? event.ctrlKey : event.metaKey)) return false;
  return event.key.toUpperCase() === keys.replace('Mod+', '').toUpperCase();
}

/**
 * Hears the window's keys. Plain letters do nothing while one types or a dialog is open, a held key fires once, and Esc
 * is not among them: it belongs to whatever is open, and stops nothing.
 */
export function useKeys(): void {
  useEffect(() => {
    const hear = (event: KeyboardEvent): void => {
      if (event.repeat || event.defaultPrevented) return;
      const isPlain = !event.ctrlKey && !event.metaKey && event.key.length === 1;
      const isDialogOpen =
        document.querySelector('[role=dialog], [role=alertdialog], [role=menu], [role=listbox]') !== null;
      if (isPlain && (isTyping(event.target) || isDialogOpen)) return;
      for (const command of commandStore.getState().commands.values()) {
        if (!matches(command, event)) continue;
        event.preventDefault();
        event.stopPropagation(); // the lists would take the letter as the start of a name
        if (command.isEnabled !== false) command.run();
        return;
      }
    };
    addEventListener('keydown', hear, { capture: true });
    return () => removeEventListener('keydown', hear, { capture: true });
  }, []);
}
