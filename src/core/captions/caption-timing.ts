import type { FeedKind } from '../../shared/model/captions.ts';

/** How late sound usually comes by each feed; measured. */
export const lagMs: Readonly<Record<FeedKind, number>> = { direct: 60, 'track-socket': 2_850 };
/**
 * How much the ways of two people's sound may differ. The direct feed brings all of it in one stream; of Track Egress each
 * has a worker and a connection of its own.
 */
export const holdMs: Readonly<Record<FeedKind, number>> = { direct: 40, 'track-socket': 250 };
/** How long the first people of a room are waited for once one is there, and where nobody comes. */
export const settleMs = 700;
export const settleAloneMs = 3_000;
export const noteEveryChunks = 10;
/** Behind the lag of the feed and the wait for slower channels, for what is on its way at a stop: a chunk must be whole to leave. */
const tailMs = 300;
/** How much later than usual the sound of somebody far away comes by the direct feed; a stop waits for it. */
const lateMs = 300;
/** How long a console that ends waits for last words; its host gives it 10 s for everything. */
export const closeLimitMs = 5_000;
/** A word that lacks less is still heard. */
export const leastHoleMs = 20;
/**
 * What a stop waits for: the sound that is on its way before the feed is closed (egress sends it while it ends), and behind
 * that the last chunk.
 */
export const stopWaits = (feed: FeedKind): { readonly soundMs: number; readonly chunkMs: number } => ({
  soundMs: feed === 'direct' ? lagMs.direct + lateMs : 0,
  chunkMs: holdMs[feed] + tailMs,
});
