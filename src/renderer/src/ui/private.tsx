import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { isSharingScreen, settingsStore } from '../stores/settings.ts';
import { words } from '../text/messages.ts';

/** Secrets' hints, keys, addresses and names of destinations: not shown in screen-share mode. */
export function Private({ children }: { readonly children: ReactNode }) {
  return useStore(settingsStore, isSharingScreen) ? (
    <span className="dim">{words.common.hidden}</span>
  ) : (
    <>{children}</>
  );
}
