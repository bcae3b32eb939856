import { useEffect, useState, type CSSProperties, type RefObject } from 'react';
import { useStore } from 'zustand';
import { useCommands } from '../commands/registry.ts';
import { settingsStore } from '../stores/settings.ts';
import { words } from '../text/messages.ts';
import { SplitHandle } from '../ui/split-handle.tsx';
import { useChangeSettings } from './settings/use-settings.ts';

type Side = 'left' | 'right' | 'captions';

interface SideShape {
  readonly axis: 'x' | 'y';
  readonly grows: 'forward' | 'backward';
  readonly variable: string;
  readonly minPx: number;
  /** Most that it may take of the window. */
  readonly maxShare: number;
}
const sides: Record<Side, SideShape> = {
  left: { axis: 'x', grows: 'forward', variable: '--left', minPx: 176, maxShare: 0.3 },
  right: { axis: 'x', grows: 'backward', variable: '--right', minPx: 296, maxShare: 0.4 },
  captions: { axis: 'y', grows: 'backward', variable: '--caps', minPx: 120, maxShare: 0.6 },
};
const names: readonly Side[] = ['left', 'right', 'captions'];
const grabPx = 4; // half of the handle lies on each side of the hairline
const shutKey = (side: Side): string => `${side}Shut`;

/** The edges of the panels: dragged or moved by keys, folded, and kept. Without a size of its own a panel has the mock's. */
export function SplitHandles({ frame }: { readonly frame: RefObject<HTMLDivElement | null> }) {
  const kept = useStore(settingsStore, (state) => state.settings?.panels);
  const change = useChangeSettings();
  const [moving, setMoving] = useState<Partial<Record<Side, number>>>({});
  const [places, setPlaces] = useState<Partial<Record<Side, DOMRect>>>({});

  const sizeOf = (side: Side): number | null => moving[side] ?? kept?.[side] ?? null;
  const isShut = (side: Side): boolean => kept?.[shutKey(side)] === 1;
  const keep = (part: Record<string, number>): void => {
    change({ panels: { ...kept, ...part } }).catch(() => undefined); // the window keeps the size until it is opened again
  };

  useEffect(() => {
    const window = frame.current;
    if (!window) return;
    for (const side of names) {
      const size = isShut(side) ? 0 : sizeOf(side);
      if (size === null) window.style.removeProperty(sides[side].variable);
      else window.style.setProperty(sides[side].variable, `${size}px`);
      window.querySelector(`[data-side=${side}]`)?.classList.toggle('is-shut', isShut(side));
    }
  });

  useEffect(() => {
    const window = frame.current;
    if (!window) return;
    const measure = (): void => {
      const found: Partial<Record<Side, DOMRect>> = {};
      for (const side of names) {
        const panel = window.querySelector(`[data-side=${side}]`);
        if (panel) found[side] = panel.getBoundingClientRect();
      }
      setPlaces(found);
    };
    const observer = new ResizeObserver(measure);
    observer.observe(window);
    for (const panel of window.querySelectorAll('[data-side]')) observer.observe(panel);
    return () => observer.disconnect();
  }, [frame]);

  useCommands(
    names.map((side) => ({
      id: `view.fold-${side}`,
      label: words.commands[side],
      group: words.commands.groups.view,
      run: () => keep({ [shutKey(side)]: isShut(side) ? 0 : 1 }),
    })),
  );

  return names.map((side) => {
    const { axis, grows, minPx, maxShare } = sides[side];
    const place = places[side];
    const box = frame.current;
    if (!place || !box) return null;
    const wholePx = axis === 'x' ? box.clientWidth : box.clientHeight;
    return (
      <SplitHandle
        key={side}
        label={words.split[side]}
        axis={axis}
        grows={grows}
        sizePx={axis === 'x' ? place.width : place.height}
        minPx={minPx}
        maxPx={Math.max(minPx, Math.round(wholePx * maxShare))}
        isShut={isShut(side)}
        style={handlePlace(side, place, box)}
        onSize={(sizePx, isLast) => {
          setMoving({ ...moving, [side]: sizePx });
          if (isLast) keep({ [side]: sizePx, [shutKey(side)]: 0 });
        }}
        onFold={() => keep({ [shutKey(side)]: isShut(side) ? 0 : 1 })}
      />
    );
  });
}

/** Over the hairline where the panel begins or ends; at the edge of the window where the panel is folded away. */
function handlePlace(side: Side, place: DOMRect, box: HTMLElement): CSSProperties {
  const frame = box.getBoundingClientRect();
  const isFolded = side === 'captions' ? place.height === 0 : place.width === 0;
  if (side === 'left')
    return isFolded
      ? { left: 0, top: 80, bottom: 80 }
      : { left: place.right - frame.left - grabPx, top: place.top - frame.top, height: place.height };
  if (side === 'right')
    return isFolded
      ? { right: 0, top: 80, bottom: 80 }
      : { left: place.left - frame.left - grabPx - 1, top: place.top - frame.top, height: place.height };
  return isFolded
    ? { bottom: 28, left: 240, right: 0 }
    : { left: place.left - frame.left, top: place.top - frame.top - grabPx - 1, width: place.width };
}
