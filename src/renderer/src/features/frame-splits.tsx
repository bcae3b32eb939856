import type { RefObject } from 'react';
export function SplitHandles(_: { readonly frame: RefObject<HTMLDivElement | null> }) {
  return null;
}
