import type { RefObject } from 'react';
import { createStore } from 'zustand/vanilla';
import type { Problem } from '../../../../shared/model/common.ts';

type ControlDialog =
  | { readonly name: 'create-room' }
  | { readonly name: 'end-room'; readonly roomName: string }
  | { readonly name: 'edit-room'; readonly roomName: string }
  | { readonly name: 'join'; readonly roomName: string }
  | { readonly name: 'person'; readonly roomName: string; readonly identity: string }
  | { readonly name: 'remove-person'; readonly roomName: string; readonly identity: string };

interface ControlView {
  readonly dialog: ControlDialog | null;
  /** Whose menu is open, and the button that opened it. */
  readonly menu: { readonly identity: string; readonly button: RefObject<HTMLElement> } | null;
  /** A command of a menu that is on its way: what it is, and since when. */
  readonly waiting: { readonly what: string; readonly sinceMs: number } | null;
  /** Why the last command of a menu did not go through. */
  readonly problem: Problem | null;
}

/** What room and participant control shows or waits for. */
export const controlView = createStore<ControlView>(() => ({
  dialog: null,
  menu: null,
  waiting: null,
  problem: null,
}));

export const openControl = (dialog: ControlDialog): void => controlView.setState({ dialog, menu: null });
export const closeControl = (): void => controlView.setState({ dialog: null });
