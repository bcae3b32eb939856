import type { Ref } from 'react';
import { Button, type ButtonProps } from 'react-aria-components/Button';
import { ToggleButton, type ToggleButtonProps } from 'react-aria-components/ToggleButton';

type Look = 'plain' | 'quiet' | 'first' | 'trouble';

export interface BtnProps extends Omit<ButtonProps, 'className' | 'style'> {
  /** `first`: the one that the eye should take in a dialog; `quiet`: no edge at rest; `trouble`: mends what is amber. */
  readonly look?: Look;
  /** 32 px instead of 24. */
  readonly isBig?: boolean;
  /** A square for an icon alone; needs `aria-label`. */
  readonly isIcon?: boolean;
  readonly className?: string;
  readonly ref?: Ref<HTMLButtonElement>;
}

const classOf = (look: Look, isBig: boolean, isIcon: boolean, more: string): string =>
  ['b', look === 'plain' ? '' : look, isBig ? 'big' : '', isIcon ? 'icon' : '', more].filter(Boolean).join(' ');

/** Every ordinary button of the console. What stops something on air is a `HoldButton` instead. */
export function Btn({ look = 'plain', isBig = false, isIcon = false, className = '', ...rest }: BtnProps) {
  return <Button {...rest} className={classOf(look, isBig, isIcon, className)} />;
}

export interface ToggleBtnProps extends Omit<ToggleButtonProps, 'className' | 'style'> {
  readonly look?: Look;
  readonly className?: string;
}

/** A button that stays pressed; says so with `aria-pressed`. */
export function ToggleBtn({ look = 'plain', className = '', ...rest }: ToggleBtnProps) {
  return <ToggleButton {...rest} className={classOf(look, false, false, className)} />;
}

/** A press that goes somewhere or shows something, inside a sentence. */
export function LinkBtn(props: Omit<ButtonProps, 'className' | 'style'>) {
  return <Button {...props} className="link" />;
}
