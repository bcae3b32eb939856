import { problemOf } from '../../shared/model/problem-error.ts';
import type { AudioFeed, FeedEvent } from '../feeds/audio-feed.ts';
import { Listeners } from '../live/listeners.ts';
import type { Log } from '../live/log.ts';

/** A feed whose opening takes a moment: it says nothing until it is there, and that it ended where it could not be opened. */
export function lateFeed(kind: AudioFeed['kind'], open: () => Promise<AudioFeed>, log: Log): AudioFeed {
  const listeners = new Listeners<FeedEvent>((error) => log.error('A listener of a feed failed', {}, error));
  const opening = open().then(
    (feed) => {
      feed.on((event) => listeners.emit(event));
      return feed;
    },
    (error: unknown) => {
      const problem = problemOf(error);
      if (problem.code === 'internal') log.error('A feed could not be opened', { kind }, error);
      listeners.emit({ type: 'state', state: 'ended', text: problem.text, problem });
      return null;
    },
  );
  return {
    kind,
    on: (listener) => listeners.on(listener),
    close: async () => (await opening)?.close(),
  };
}
