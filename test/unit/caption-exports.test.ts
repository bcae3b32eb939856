import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cuesOf } from '../../src/core/captions/exports/cues.ts';
import { exportTranscript } from '../../src/core/captions/exports/export.ts';
import type { CaptionSession, TranscriptEntry, Utterance } from '../../src/shared/model/captions.ts';

const session: CaptionSession = {
  id: 'c1',
  serverId: 's1',
  roomName: 'town/hall: "A"',
  feed: 'direct',
  state: 'ended',
  stateAtMs: 1_795_000_000_000,
  text: 'Ended',
  startedAtMs: 1_795_000_000_000,
  endedAtMs: 1_795_000_060_000,
  language: 'en',
  speakers: [],
  fit: 'channels',
  delayMs: 900,
  lineCount: 0,
  gapCount: 0,
};
let seq = 0;
function say(name: string, startMs: number, text: string, wordMs = 300): Utterance {
  const words = text
    .split(/\s+/u)
    .filter((word) => word !== '')
    .map((word, i) => ({
      text: word,
      startMs: startMs + i * wordMs,
      endMs: startMs + (i + 1) * wordMs - 50,
      confidence: 1,
    }));
  const endMs = words.at(-1)?.endMs ?? startMs;
  const [identity, language] = [name.toLowerCase(), 'en'];
  const id = `u${++seq}`;
  return {
    type: 'utterance',
    id,
    seq,
    identity,
    name,
    text,
    isFinal: true,
    startMs,
    endMs,
    words,
    language,
    confidence: 1,
    delayMs: 800,
  };
}

const long = Array.from({ length: 60 }, (_, i) => `word${i}`).join(' ');
const hostile: TranscriptEntry[] = [
  say('Ada', 500, 'Hello there.'),
  say('<b>Eve</b> --> & "x"', 2_000, 'a --> b <i>tag</i> & more {\\an8}'),
  say('שרה', 5_000, 'שלום עולם \u200f(מבחן)'),
  say('Emoji', 8_000, '👩‍👩‍👧‍👦 👍🏽 naïve 日本語'),
  say('Empty', 9_000, ''),
  say('Long', 10_000, long),
  say('Over', 10_500, 'at the same time'),
  say('Giant', 40_000, 'x'.repeat(100)),
  say('Lines', 45_000, 'one\n\n00:00:01,000 --> 00:00:02,000\ntwo'),
  { type: 'gap', id: 'g1', seq: 90, identity: null, name: null, startMs: 50_000, endMs: 52_000, cause: 'Dropped' },
  { type: 'marker', id: 'm1', seq: 91, startMs: 53_000, name: 'Part two' },
  { ...say('Partial', 54_000, 'not yet'), isFinal: false },
];

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cuedesk-exports-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Packet {
  readonly pts_time: string;
  readonly duration_time: string;
}
/** What ffprobe reads: the times of every cue. */
function probe(name: string, text: string): { start: number; end: number }[] {
  const path = join(folder, name);
  writeFileSync(path, text);
  const out = execFileSync('ffprobe', ['-v', 'error', '-show_packets', '-of', 'json', path], { encoding: 'utf8' });
  const { packets } = JSON.parse(out) as { packets: Packet[] };
  return packets.map((packet) => {
    const start = Number(packet.pts_time) * 1000;
    return { start, end: start + Number(packet.duration_time) * 1000 };
  });
}
/** What ffmpeg makes of it when it writes it anew. */
function through(name: string, text: string, to: 'srt' | 'webvtt'): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return execFileSync('ffmpeg', ['-v', 'error', '-i', path, '-f', to, '-'], { encoding: 'utf8' });
}

describe('cues', () => {
  const cues = cuesOf(hostile);
  it('have two lines of 42 characters, a longer word alone', () => {
    for (const cue of cues) {
      expect(cue.lines.length).toBeLessThanOrEqual(2);
      for (const line of cue.lines) if (line.includes(' ')) expect(line.length).toBeLessThanOrEqual(42);
    }
    expect(cues.some((cue) => cue.lines.includes('x'.repeat(100)))).toBe(true);
  });
  it('last one to seven seconds, in order, none over another', () => {
    cues.forEach((cue, i) => {
      expect(cue.endMs - cue.startMs).toBeGreaterThanOrEqual(1_000);
      expect(cue.endMs - cue.startMs).toBeLessThanOrEqual(7_000);
      expect(cue.startMs).toBeGreaterThanOrEqual(cues[i - 1]?.endMs ?? 0);
    });
  });
  it('keep every word once, whole and in order', () => {
    const words = cues
      .filter((cue) => cue.speaker === 'Long')
      .flatMap((cue) => cue.lines.flatMap((line) => line.split(' ')));
    expect(words.join(' ')).toBe(long);
  });
});

describe('exports', () => {
  const cues = cuesOf(hostile);
  it.each(['srt', 'vtt'] as const)('a foreign parser reads each cue of %s at its time', (format) => {
    const file = exportTranscript(session, hostile, format);
    const read = probe(`t.${format}`, file.text);
    expect(read).toHaveLength(cues.length);
    read.forEach((packet, i) => {
      expect(Math.abs(packet.start - (cues[i]?.startMs ?? 0))).toBeLessThanOrEqual(1);
      expect(Math.abs(packet.end - (cues[i]?.endMs ?? 0))).toBeLessThanOrEqual(1);
    });
  });
  it('hostile text comes through both as text', () => {
    const vtt = through('h.vtt', exportTranscript(session, hostile, 'vtt').text, 'webvtt');
    expect(vtt).toContain('👩‍👩‍👧‍👦');
    expect(vtt).toContain('שלום');
    const written = exportTranscript(session, hostile, 'vtt').text;
    expect(written).toContain('a --&gt; b &lt;i&gt;tag&lt;/i&gt; &amp; more');
    expect(written.match(/-->/g)).toHaveLength(cues.length);
    const srt = through('h.srt', exportTranscript(session, hostile, 'srt').text, 'srt');
    expect(srt).toContain('שלום');
    expect(srt.match(/-->/g)).toHaveLength(cues.length);
  });
  it('an empty transcript is a valid file', () => {
    expect(probe('e.vtt', exportTranscript(session, [], 'vtt').text)).toEqual([]);
    expect(exportTranscript(session, [], 'srt').text).toBe('');
    expect(exportTranscript(session, [], 'txt').text).toContain('town/hall');
  });
  it('text has gaps and markers, and JSON has everything but partials', () => {
    const txt = exportTranscript(session, hostile, 'txt').text;
    expect(txt).toContain('[00:00:50.000] (gap until 00:00:52.000: Dropped)');
    expect(txt).toContain('[00:00:53.000] * Part two');
    expect(txt).not.toContain('not yet');
    const json = JSON.parse(exportTranscript(session, hostile, 'json').text) as { entries: unknown[] };
    expect(json.entries).toEqual(hostile.filter((entry) => entry.type !== 'utterance' || entry.isFinal));
  });
  it('names the file so that any system takes it', () => {
    expect(exportTranscript(session, [], 'srt').fileName).toMatch(/^town_hall_ _A_ \d{4}-\d\d-\d\d \d\d\.\d\d\.srt$/);
  });
});
