import { expect, it } from 'vitest';
import { keptReader } from '../../src/core/livekit/kept-reader.ts';

it('reads what has changed or is new, and nothing twice', () => {
  const asked: unknown[] = [];
  const read = keptReader((item) => {
    asked.push(item);
    return { item };
  });
  const [one, two] = read([{ a: 1 }, { a: 2 }]);
  expect(asked.splice(0)).toEqual([{ a: 1 }, { a: 2 }]);
  const later = read([{ a: 2 }, { a: 3 }, { a: 1 }]);
  expect(asked.splice(0)).toEqual([{ a: 3 }]);
  expect([later[0] === two, later[1], later[2] === one]).toEqual([true, { item: { a: 3 } }, true]);
  // What is not in the list any more is forgotten.
  read([{ a: 3 }]);
  read([{ a: 1 }]);
  expect(asked).toEqual([{ a: 1 }]);
});

it('keeps no more than its limit', () => {
  let count = 0;
  const read = keptReader(() => ++count, 2);
  expect(read([1, 2, 3])).toEqual([1, 2, 3]);
  expect(read([1, 2, 3])).toEqual([1, 2, 4]);
});
