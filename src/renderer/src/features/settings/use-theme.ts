import { useEffect, useSyncExternalStore } from 'react';
import { useStore } from 'zustand';
import { settingsStore } from '../../stores/settings.ts';

const light = matchMedia('(prefers-color-scheme: light)');
const onSystem = (listener: () => void): (() => void) => {
  light.addEventListener('change', listener);
  return () => light.removeEventListener('change', listener);
};

/** Puts the chosen theme on the page; dark until the settings are known. */
export function useTheme(): void {
  const theme = useStore(settingsStore, (state) => state.settings?.theme ?? 'dark');
  const isSystemLight = useSyncExternalStore(onSystem, () => light.matches);
  const shown = theme === 'system' ? (isSystemLight ? 'light' : 'dark') : theme;
  useEffect(() => {
    document.documentElement.dataset['theme'] = shown;
  }, [shown]);
}
