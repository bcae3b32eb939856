import { describe, expect, it } from 'vitest';
import { safeFileName, UniqueNames } from '../../src/core/desk/file-name.ts';
import { GapList } from '../../src/core/desk/gap-list.ts';

describe('file names', () => {
  it.each([
    ['Zoë Ångström', 'Zoë Ångström'],
    ['山田 太郎', '山田 太郎'],
    ['a/b\\c:d*e?f"g<h>i|j', 'a b c d e f g h i j'],
    ['line\nbreak\u0000\u0007', 'line break'],
    ['..hidden', 'hidden'],
    ['ends in dots...  ', 'ends in dots'],
    ['\u202egnp.exe', 'gnp.exe'],
    ['con', '_con'],
    ['LPT1.txt', '_LPT1.txt'],
    ['console', 'console'],
    ['e\u0301', 'é'],
    ['\ud800', 'somebody'],
    ['???', 'somebody'],
    ['', 'somebody'],
  ])('%j becomes %j', (text, name) => {
    expect(safeFileName(text, 'somebody')).toBe(name);
  });

  it('cuts long names between what the eye sees as characters', () => {
    const family = '👨‍👩‍👧‍👦';
    const cut = safeFileName(family.repeat(40), 'somebody', 60);
    expect(cut).toBe(family.repeat(2)); // 25 bytes each
    expect(Buffer.byteLength(safeFileName('長'.repeat(500), 'somebody'))).toBe(198);
  });

  it('are given once, whatever their case', () => {
    const names = new UniqueNames((name) => name === 'there');
    expect(['Ada', 'ADA', 'ada', 'Bob', 'there'].map((name) => names.take(name))).toEqual([
      'Ada',
      'ADA (2)',
      'ada (3)',
      'Bob',
      'there (2)',
    ]);
  });
});

describe('the gaps of a recording', () => {
  it('join where they touch, keep people apart, and stay few', () => {
    const list = new GapList();
    list.add({ identity: 'ada', fromMs: 1_000, toMs: 1_500, cause: 'seen' }, false);
    list.add({ identity: 'bob', fromMs: 1_000, toMs: 1_500, cause: 'seen' }, false);
    expect(list.add({ identity: 'ada', fromMs: 1_520, toMs: 2_000, cause: 'told' }, true)).toEqual({
      identity: 'ada',
      fromMs: 1_000,
      toMs: 2_000,
      cause: 'told',
    });
    expect(list.all).toHaveLength(2);
    for (let index = 0; index < 2_000; index++)
      list.add({ identity: 'cyd', fromMs: index * 1_000, toMs: index * 1_000 + 10, cause: 'seen' }, false);
    expect([list.all.length, list.more]).toEqual([1_000, 1_002]);
  });
});
