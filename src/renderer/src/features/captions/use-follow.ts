import { useEffect, useLayoutEffect, type RefObject } from 'react';
import { useStore } from 'zustand';
import { transcriptStore } from '../../stores/transcript.ts';
import { captionsView } from './captions-view.ts';

const bottomPx = 4; // as near to the end as counts for being there
const byHandMs = 400; // a scroll within this time of a wheel, key or drag is the producer's

/** Leaves the lines where they are, and counts from here what is new. */
export const stopFollowing = (): void => {
  if (!captionsView.getState().isFollowing) return;
  captionsView.setState({ isFollowing: false, seenCount: transcriptStore.getState().cameCount });
};

/** Keeps the newest line in sight while following; a scroll up by hand ends it, one back to the end takes it up again. */
export function useFollow(box: RefObject<HTMLElement | null>, totalPx: number): void {
  const isFollowing = useStore(captionsView, (state) => state.isFollowing);
  useLayoutEffect(() => {
    if (isFollowing) toEnd(box);
  }, [box, isFollowing, totalPx]);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    let handAtMs = -Infinity;
    const byHand = (): void => {
      handAtMs = performance.now();
    };
    const onScroll = (): void => {
      if (performance.now() - handAtMs > byHandMs) return;
      const restPx = element.scrollHeight - element.clientHeight - element.scrollTop;
      if (restPx > bottomPx) stopFollowing();
      else captionsView.setState({ isFollowing: true });
      byHand(); // a drag or a glide goes on
    };
    const hands = ['wheel', 'touchmove', 'keydown', 'pointerdown'] as const;
    for (const hand of hands) element.addEventListener(hand, byHand, { passive: true });
    element.addEventListener('scroll', onScroll, { passive: true });
    // The panel itself grows and shrinks under the hand of the producer, and what is being said under its own.
    const sizes = new ResizeObserver(() => {
      if (captionsView.getState().isFollowing) toEnd(box);
    });
    sizes.observe(element);
    if (element.firstElementChild) sizes.observe(element.firstElementChild);
    return () => {
      for (const hand of hands) element.removeEventListener(hand, byHand);
      element.removeEventListener('scroll', onScroll);
      sizes.disconnect();
    };
  }, [box]);
}

const toEnd = ({ current }: RefObject<HTMLElement | null>): void =>
  current?.scrollTo({ top: current.scrollHeight, behavior: 'instant' });
