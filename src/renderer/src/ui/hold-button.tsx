import { useEffect, useRef, type ReactNode } from 'react';
import { words } from '../text/messages.ts';

const holdMs = 1_000; // console.md, Safety: stopping anything on air takes a hold of 1 s
const calmStepMs = 250; // with reduced motion the fill steps instead of running

export interface HoldButtonProps {
  /** The state at rest: "Recording". */
  readonly children: ReactNode;
  /** Spoken name: "Recording program.mp4. Hold for 1 s to stop." */
  readonly label: string;
  readonly isBig?: boolean;
  readonly isDisabled?: boolean;
  /** Held already, and on its way: it says so, keeps the focus, and does nothing more. */
  readonly isSpent?: boolean;
  readonly className?: string;
  readonly onHeld: () => void;
  /** A press without a pointer or a key (a screen reader's click) cannot be held: ask in a dialog instead. */
  readonly onAsk?: () => void;
}

/** Ends something on air after a hold of 1 s by pointer, Space or Enter. Letting go, leaving or blur cancels it. */
export function HoldButton({
  children,
  label,
  isBig = false,
  isDisabled = false,
  isSpent = false,
  className = '',
  onHeld,
  onAsk,
}: HoldButtonProps) {
  const button = useRef<HTMLButtonElement>(null);
  const text = useRef<HTMLSpanElement>(null);
  const frame = useRef(0);
  const wasHeldByHand = useRef(false);

  const cancel = (): void => {
    cancelAnimationFrame(frame.current);
    frame.current = 0;
    button.current?.style.removeProperty('--held');
    if (text.current) text.current.textContent = '';
  };
  useEffect(() => cancel, []);

  const begin = (): void => {
    if (isDisabled || isSpent || frame.current !== 0) return;
    wasHeldByHand.current = true;
    const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    const startedAtMs = performance.now();
    const step = (): void => {
      const heldMs = performance.now() - startedAtMs;
      if (heldMs >= holdMs) {
        cancel();
        onHeld();
        return;
      }
      const shownMs = isCalm ? Math.floor(heldMs / calmStepMs) * calmStepMs : heldMs;
      button.current?.style.setProperty('--held', String((shownMs / holdMs) * 100));
      if (text.current) text.current.textContent = words.hold.more(holdMs - heldMs);
      frame.current = requestAnimationFrame(step);
    };
    step();
  };

  return (
    <button
      ref={button}
      type="button"
      className={`b hold ${isBig ? 'big' : ''} ${className}`}
      aria-label={label}
      title={isSpent ? undefined : words.hold.hint}
      disabled={isDisabled}
      aria-disabled={isSpent ? true : undefined}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        begin();
      }}
      onPointerUp={cancel}
      onPointerCancel={cancel}
      onPointerMove={(event) => {
        const box = event.currentTarget.getBoundingClientRect();
        const isInside =
          event.clientX >= box.left &&
          event.clientX <= box.right &&
          event.clientY >= box.top &&
          event.clientY <= box.bottom;
        if (!isInside) cancel();
      }}
      onBlur={cancel}
      onContextMenu={cancel}
      onKeyDown={(event) => {
        if (event.key === 'Escape') cancel();
        if (event.key !== ' ' && event.key !== 'Enter') return;
        event.preventDefault(); // a click on key-up would be a press, and a press stops nothing
        if (!event.repeat) begin();
      }}
      onKeyUp={cancel}
      onClick={(event) => {
        const isByHand = wasHeldByHand.current;
        wasHeldByHand.current = false;
        if (event.detail === 0 && !isByHand && !isSpent) onAsk?.();
      }}
    >
      <i className="sq" aria-hidden="true" />
      <span className="hold-rest">{children}</span>
      <span className="hold-now" ref={text} aria-hidden="true" />
    </button>
  );
}
