import { describe, expect, it } from 'vitest';
import { Ledger, type TranscriptItem } from '../../src/core/captions/ledger.ts';
import type { TranscriptEntry } from '../../src/shared/model/captions.ts';

const line = (id: string, startMs: number, isFinal: boolean, text = 'hello', delayMs: number | null = null) => ({
  id,
  identity: 'ada',
  name: 'Ada',
  text,
  isFinal,
  startMs,
  endMs: startMs + 400,
  words: [],
  language: 'en',
  confidence: 1,
  delayMs,
});

function open() {
  const saved: TranscriptEntry[] = [];
  const ledger = new Ledger({ saveEntry: (entry) => void saved.push(entry) }, (error) => expect(error).toBeNull());
  return { ledger, saved };
}

describe('the ledger', () => {
  it('replaces a partial by its final, keeps finals, and puts late ones in order of time', () => {
    const { ledger, saved } = open();
    ledger.putUtterance(line('b', 2_000, false, 'wor'));
    ledger.putUtterance(line('b', 2_000, true, 'world', 800));
    ledger.putUtterance(line('b', 2_000, false, 'too late'));
    ledger.putUtterance(line('a', 1_000, true, 'hello', 1_000));
    ledger.withdraw('a');
    expect(ledger.entries().map((entry) => entry.type === 'utterance' && entry.text)).toEqual(['hello', 'world']);
    expect(saved.map((entry) => entry.id)).toEqual(['b', 'a']);
    expect(ledger.lineCount).toBe(2);
    expect(ledger.delayMs).toBe(1_000);
  });

  it('is in the journal before anybody is told', async () => {
    const order: string[] = [];
    const ledger = new Ledger({ saveEntry: () => void order.push('journal') }, () => {});
    const stop = new AbortController();
    const reading = (async () => {
      for await (const item of ledger.read(stop.signal)) {
        order.push(item.type);
        if (item.type === 'entry') stop.abort();
      }
    })();
    while (order.length === 0) await Promise.resolve();
    ledger.putUtterance(line('a', 0, true));
    await reading;
    expect(order).toEqual(['snapshot', 'journal', 'entry']);
  });

  it('makes one gap of holes that touch, and counts it once', () => {
    const { ledger } = open();
    const hole = { identity: null, name: null, cause: 'Away' };
    expect(ledger.putGap({ ...hole, startMs: 1_000, endMs: 1_100 })).toBe(true);
    expect(ledger.putGap({ ...hole, startMs: 1_100, endMs: 1_200 })).toBe(false);
    expect(ledger.putGap({ ...hole, startMs: 5_000, endMs: 5_100 })).toBe(true);
    expect(ledger.gapCount).toBe(2);
    expect(ledger.entries().map((entry) => entry.type === 'gap' && [entry.startMs, entry.endMs])).toEqual([
      [1_000, 1_200],
      [5_000, 5_100],
    ]);
  });

  it('counts a break of the feed once, though each person has a gap of it', () => {
    const { ledger } = open();
    const gap = { startMs: 1_000, endMs: 3_000, cause: 'Away' };
    for (const [index, name] of ['ada', 'bao', 'carla'].entries())
      ledger.putGap({ ...gap, identity: name, name, startMs: 1_000 + index * 200 });
    expect(ledger.gapCount).toBe(1);
    ledger.putGap({ ...gap, identity: 'ada', name: 'ada', startMs: 9_000, endMs: 9_500 });
    expect(ledger.gapCount).toBe(2);
    expect(ledger.entries()).toHaveLength(4);
  });

  it('gives a reader that cannot keep up what there is in place of what it missed', async () => {
    const { ledger } = open();
    const stop = new AbortController();
    const items: TranscriptItem[] = [];
    const reader = ledger.read(stop.signal);
    items.push((await reader.next()).value as TranscriptItem);
    const next = reader.next();
    for (let i = 0; i < 3_000; i++) ledger.putUtterance(line(`u${i}`, i * 10, true));
    items.push((await next).value as TranscriptItem);
    items.push((await reader.next()).value as TranscriptItem);
    stop.abort();
    await reader.return(undefined);
    const snapshot = items.slice(1).find((item) => item.type === 'snapshot');
    expect(snapshot?.entries).toHaveLength(3_000);
  });
});
