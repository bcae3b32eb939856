import type { FeedKind } from '../../shared/model/captions.ts';

/** How late sound usually comes by each feed; measured. */
export const lagMs: Readonly<Record<FeedKind, number>> = { direct: 60, 'track-socket': 2_850 };
/** The first people of a room arrive together: one session for all of them, not one for each count. */
export const settleMs = 700;
export const settleAloneMs = 3_000;
export const noteEveryChunks = 10;
/** Behind the lag of the feed, for what is on its way at a stop. */
export const tailMs = 300;
export const leastHoleMs = 100;
