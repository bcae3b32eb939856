import { expect, it } from 'vitest';
import { account } from '../../src/rehearsal/accounting.ts';
import { openShow, type SceneEvent, sceneSampleRateHz } from '../../src/rehearsal/scene/show.ts';
import { ToneDecoder } from '../../src/rehearsal/tones/decode.ts';

const startedAtMs = 1_800_000_000_000;
const roundMs = 180_000;
const open = (seed = 1) => openShow('town-hall', { startedAtMs, seed });

function eventsUntil(show: ReturnType<typeof open>, untilMs: number): SceneEvent[] {
  const events: SceneEvent[] = [];
  for (let event = show.nextEvent(startedAtMs); event && event.atMs <= untilMs; event = show.nextEvent(event.atMs))
    events.push(event);
  return events;
}

it('has three rooms, and a lexicon that fits into the tones', () => {
  const show = open();
  expect(show.rooms).toEqual(['town-hall', 'backstage', 'overflow']);
  expect(show.rooms.map((room) => show.people(room, startedAtMs).length)).toEqual([6, 2, 0]);
  expect(show.people('overflow', startedAtMs + 80_000)).toHaveLength(3);
  expect(show.lexicon.length).toBeLessThanOrEqual(512);
  expect(new Set(show.lexicon).size).toBe(show.lexicon.length);
  for (const room of show.rooms) {
    const people = show.people(room, startedAtMs + 80_000);
    expect(new Set(people.map((person) => person.band)).size).toBe(people.length);
    for (const { identity } of people) expect(identity).toMatch(/^[a-z-]+$/);
  }
  expect(() => openShow('no-such-scene', { startedAtMs, seed: 1 })).toThrow('town-hall');
});

it('is a function of seed and clock: the same in any order, other words with another seed', () => {
  const words = (show: ReturnType<typeof open>): string =>
    show
      .spoken('town-hall', startedAtMs, startedAtMs + roundMs)
      .map((word) => word.word)
      .join(' ');
  const late = open();
  late.spoken('town-hall', startedAtMs + 20 * roundMs, startedAtMs + 21 * roundMs);
  expect(words(late)).toBe(words(open()));
  expect(words(open(2))).not.toBe(words(open()));
  const first = open().spoken('town-hall', startedAtMs, startedAtMs + 60_000);
  expect(first[0]?.startMs).toBeLessThan(startedAtMs + 2_000);
  expect(first.slice(0, 3).map((word) => word.word)).toEqual(['good', 'morning', 'everyone']);
});

it.each([1, 2, 3, 4, 5])(
  'says no word into a mute or a leave, comes back to its start, and lets everybody speak (seed %i)',
  (seed) => {
    const show = open(seed);
    const rounds = 3;
    const events = eventsUntil(show, startedAtMs + rounds * roundMs);
    expect(events.length).toBeGreaterThan(12 * rounds);
    for (const room of show.rooms) {
      const words = show.spoken(room, startedAtMs, startedAtMs + rounds * roundMs);
      for (const word of words)
        for (const atMs of [word.startMs - 500, word.endMs + 500]) {
          const person = show.people(room, Math.max(startedAtMs, atMs)).find((one) => one.identity === word.identity);
          expect(person?.muted).toBe(false);
        }
      for (let round = 1; round <= rounds; round++)
        expect(show.people(room, startedAtMs + round * roundMs)).toEqual(show.people(room, startedAtMs));
      const speakers = new Set(words.map((word) => word.identity));
      expect(speakers.size).toBe({ 'town-hall': 6, backstage: 2, overflow: 2 }[room]);
      // Nobody says two words at once, and a transcriber can tell two words apart.
      for (const identity of speakers) {
        const own = words.filter((word) => word.identity === identity);
        own
          .slice(1)
          .forEach((word, index) => expect(word.startMs - (own[index]?.endMs ?? 0)).toBeGreaterThanOrEqual(100));
      }
    }
    const first = show.spoken('town-hall', startedAtMs, startedAtMs + 60_000);
    expect(new Set(first.map((word) => word.identity)).size).toBeGreaterThanOrEqual(5);
  },
);

it('sounds as it says: every word is decoded from the sound, nothing where people are silent', () => {
  const show = open(3);
  const bands = new Map(show.people('town-hall', startedAtMs).map((person) => [person.band, person.identity]));
  const decoders = new Map([...bands.values()].map((identity) => [identity, new ToneDecoder()]));
  const heard: { identity: string; word: string; startMs: number }[] = [];
  // From the middle of the third round, in blocks of an odd size.
  const fromMs = 2 * roundMs + 17_000;
  const block = 4_803;
  for (let at = fromMs * 48; at < (fromMs + 120_000) * 48; at += block)
    for (const [identity, decoder] of decoders) {
      const sound = show.sound(identity, at, block);
      const third = Int16Array.from({ length: block / 3 }, (_, index) => sound[index * 3] ?? 0);
      for (const { band, word, startSample } of decoder.push(third)) {
        expect(bands.get(band)).toBe(identity);
        heard.push({ identity, word: show.lexicon[word] ?? '', startMs: startedAtMs + fromMs + startSample / 16 });
      }
    }
  const said = show.spoken('town-hall', startedAtMs + fromMs, startedAtMs + fromMs + 119_900);
  const result = account(said, heard);
  expect(said.length).toBeGreaterThan(150);
  expect(result).toMatchObject({ missing: [], doubled: [], wrongSpeaker: [], outOfOrder: 0 });
  expect(result.wrong.length).toBeLessThanOrEqual(1); // a word that the end of the range cuts
  expect(show.sound('nobody', 0, 480).every((value) => value === 0)).toBe(true);
});

it('costs less than 3 % of a core for six people in real time', () => {
  const show = open();
  const people = show.people('town-hall', startedAtMs);
  const before = process.cpuUsage();
  for (let at = 0; at < 60 * sceneSampleRateHz; at += 480)
    for (const { identity } of people) show.sound(identity, at, 480);
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1e6 / 60).toBeLessThan(0.03);
});
