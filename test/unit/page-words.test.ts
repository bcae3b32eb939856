// Find in captions, and the name that a template will become.
import { describe, expect, it } from 'vitest';
import { cutAt, matchingRows, patternOf } from '../../src/renderer/src/features/captions/find-matches.ts';
import { cast, line } from '../support/scripted-scene.ts';

describe('find in captions', () => {
  const rows = cast.map((each, index) =>
    line(`l${index}`, each, index === 2 ? 'The NEW  hall (7B).' : 'Numbers.', index),
  );

  it('finds words in any case, over any white space, and names', () => {
    expect(matchingRows(rows, patternOf('new hall'))).toEqual([2]);
    expect(matchingRows(rows, patternOf('nguyễn'))).toEqual([1]);
    expect(matchingRows(rows, patternOf('numbers'))).toHaveLength(rows.length - 1);
  });

  it('takes signs as they are typed, and nothing as nothing', () => {
    expect(matchingRows(rows, patternOf('(7b).'))).toEqual([2]);
    expect(matchingRows(rows, patternOf('.*'))).toEqual([]);
    expect(patternOf('  ')).toBeNull();
  });

  it('cuts a text at its matches and loses none of it', () => {
    expect(cutAt('The hall, the Hall', patternOf('hall'))).toEqual(['The ', 'hall', ', the ', 'Hall', '']);
    expect(cutAt('nothing', null)).toEqual(['nothing']);
  });
});
