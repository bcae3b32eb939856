import type { SceneShow } from '../../src/rehearsal/scene/show.ts';

/** A scene without rooms and people: what a server is that has just started. */
export function emptyShow(startedAtMs = Date.now()): SceneShow {
  return {
    name: 'empty',
    startedAtMs,
    rooms: [],
    lexicon: [],
    people: () => [],
    nextEvent: () => null,
    sound: (_identity, _fromSample, count) => new Int16Array(count),
    spoken: () => [],
  };
}
