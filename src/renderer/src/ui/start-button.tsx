import { useRef } from 'react';
import type { PressEvent } from 'react-aria-components';
import { Btn, type BtnProps } from './button.tsx';

const deafMs = 1_000; // a double click must not start twice (console.md, Safety)

/**
 * Guards a start: a second press within 1 s does nothing, and Space or Enter work once until the button has been left,
 * so that a key pressed later, while the button merely still has focus, starts nothing.
 */
function useStartGuard(start: () => void): { onPress(event: PressEvent): void; onBlur(): void } {
  const lastAtMs = useRef(-Infinity);
  const isSpent = useRef(false);
  return {
    onPress: (event) => {
      const isKey = event.pointerType === 'keyboard';
      if (isKey && isSpent.current) return;
      if (performance.now() - lastAtMs.current < deafMs) return;
      lastAtMs.current = performance.now();
      isSpent.current = true;
      start();
    },
    onBlur: () => {
      isSpent.current = false;
    },
  };
}

/** A button that starts something on air. */
export function StartButton({
  onStart,
  ...rest
}: Omit<BtnProps, 'onPress' | 'onBlur'> & { readonly onStart: () => void }) {
  return <Btn {...rest} {...useStartGuard(onStart)} />;
}
