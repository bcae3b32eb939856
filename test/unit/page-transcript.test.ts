// What the page holds of a transcript: in order, partials apart, never more than its limit.
import { describe, expect, it } from 'vitest';
import { withItem, type Transcript } from '../../src/renderer/src/stores/transcript.ts';
import { cast, line } from '../support/scripted-scene.ts';

const empty: Transcript = { sessionId: 's', kept: [], partials: [], cameCount: 0, lastCame: null, forgottenCount: 0 };
const ada = cast[0];
if (!ada) throw new Error('The cast is empty');
const say = (id: string, startMs: number, isFinal = true) =>
  ({ type: 'entry', entry: line(id, ada, id, startMs, { isFinal }) }) as const;
const ids = (list: readonly { readonly id: string }[]): string[] => list.map((each) => each.id);

describe('the transcript of the page', () => {
  it('keeps finals in order of time, whatever the order in which they come', () => {
    const state = [say('b', 2_000), say('c', 3_000), say('a', 1_000)].reduce((now, item) => withItem(now, item), empty);
    expect(ids(state.kept)).toEqual(['a', 'b', 'c']);
    expect(state.cameCount).toBe(3);
  });

  it('turns a partial into its final, and lets go of one that is taken back', () => {
    let state = withItem(empty, say('a', 1_000, false));
    state = withItem(state, say('b', 1_500, false));
    expect([ids(state.kept), ids(state.partials)]).toEqual([[], ['a', 'b']]);
    state = withItem(state, say('a', 1_100));
    expect([ids(state.kept), ids(state.partials)]).toEqual([['a'], ['b']]);
    state = withItem(state, { type: 'removed', id: 'b' });
    expect(state.partials).toEqual([]);
  });

  it('replaces a line that is corrected, also where its time moves, without counting it again', () => {
    let state = [say('a', 1_000), say('b', 2_000)].reduce((now, item) => withItem(now, item), empty);
    const moved = line('a', ada, 'again', 3_000);
    state = withItem(state, { type: 'entry', entry: moved });
    expect(ids(state.kept)).toEqual(['b', 'a']);
    expect(state.kept[1]).toBe(moved);
    expect(state.cameCount).toBe(2);
  });

  it('forgets the oldest beyond its limit, says how many, and takes none of them back', () => {
    let state = empty;
    for (let i = 0; i < 30; i += 1) state = withItem(state, say(`l${i}`, i * 1_000), 10);
    expect(ids(state.kept)).toEqual(Array.from({ length: 10 }, (_, i) => `l${i + 20}`));
    expect([state.forgottenCount, state.cameCount]).toEqual([20, 30]);
    expect(withItem(state, say('l3', 3_000), 10)).toBe(state);
  });

  it('takes a snapshot as the whole truth, limited as well', () => {
    const before = withItem(empty, say('old', 1_000));
    const entries = Array.from({ length: 12 }, (_, i) => line(`n${i}`, ada, 'x', i * 1_000, { isFinal: i < 11 }));
    const state = withItem(before, { type: 'snapshot', entries }, 10);
    expect(state.kept).toHaveLength(10);
    expect(ids(state.partials)).toEqual(['n11']);
    expect([state.forgottenCount, state.sessionId]).toEqual([1, 's']);
  });
});
