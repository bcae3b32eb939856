import { ToneVoice } from '../tones/encode.ts';
import { wordMs } from '../tones/layout.ts';
import { type Cycle, type CyclePerson, type CycleWord, compileCycle, presenceAt } from './cycle.ts';
import { lexiconOf, scenes } from './script.ts';

interface ScenePerson {
  readonly identity: string;
  readonly name: string;
  readonly room: string;
  /** Which tones this person speaks in, 0 to 5; nobody else in the room has the same. */
  readonly band: number;
}

export interface SceneEvent {
  /** Wall clock. */
  readonly atMs: number;
  readonly type: 'join' | 'leave' | 'mute' | 'unmute';
  readonly identity: string;
  readonly room: string;
}

/** A word that was said; times are wall clock. */
interface SpokenWord {
  readonly identity: string;
  readonly room: string;
  readonly word: string;
  readonly startMs: number;
  readonly endMs: number;
}

/** A scene that plays: who is where, who says what when, and how it sounds. A function of the clock alone. */
export interface SceneShow {
  readonly name: string;
  readonly startedAtMs: number;
  readonly rooms: readonly string[];
  readonly lexicon: readonly string[];
  people(room: string, atMs: number): readonly (ScenePerson & { readonly muted: boolean })[];
  /** The next event after that moment; null in a scene where nothing ever happens. */
  nextEvent(afterMs: number): SceneEvent | null;
  /** 48 kHz mono of one person from a sample index since `startedAtMs`; zeros where silent, muted or absent. */
  sound(identity: string, fromSample: number, count: number): Int16Array;
  /** Words wholly inside [fromMs, toMs], by start. */
  spoken(room: string, fromMs: number, toMs: number): readonly SpokenWord[];
}

export const sceneSampleRateHz = 48_000;
const samplesPerMs = sceneSampleRateHz / 1000;
const keptCycles = 8;

/** Opens a scene by its name; the same seed and start give the same show, sample by sample. Throws where no scene has that name. */
export function openShow(name: string, options: { readonly startedAtMs: number; readonly seed: number }): SceneShow {
  const scene = scenes.find((one) => one.name === name);
  if (!scene)
    throw new RangeError(`There is no scene "${name}"; there are: ${scenes.map((one) => one.name).join(', ')}.`);
  const { startedAtMs, seed } = options;
  const lexicon = lexiconOf(scene);
  const numbers = new Map(lexicon.map((word, number) => [word, number]));
  const persons = new Map<string, CyclePerson>();
  for (const room of scene.rooms)
    for (const person of room.people) persons.set(person.identity, { ...person, room: room.name });
  const voices = new Map<string, ToneVoice>();
  for (const person of persons.values())
    voices.set(
      person.identity,
      new ToneVoice({ band: person.band, sampleRateHz: sceneSampleRateHz, amplitude: person.amplitude }),
    );

  const cycles = new Map<number, Cycle>();
  function cycleOf(index: number): Cycle {
    let cycle = cycles.get(index);
    if (!cycle) {
      cycle = compileCycle(scene as NonNullable<typeof scene>, seed, index); // checked above
      cycles.set(index, cycle);
      if (cycles.size > keptCycles) cycles.delete(cycles.keys().next().value ?? index);
    }
    return cycle;
  }
  const { cycleMs } = scene;
  const cycleIndex = (ms: number): number => Math.max(0, Math.floor((ms - startedAtMs) / cycleMs));

  return {
    name,
    startedAtMs,
    rooms: scene.rooms.map((room) => room.name),
    lexicon,
    people(room, atMs) {
      const offsetMs = Math.max(0, atMs - startedAtMs) % cycleMs;
      const found: (ScenePerson & { muted: boolean })[] = [];
      for (const person of persons.values()) {
        if (person.room !== room) continue;
        const { present, muted } = presenceAt(person, offsetMs);
        if (present) found.push({ identity: person.identity, name: person.name, room, band: person.band, muted });
      }
      return found;
    },
    nextEvent(afterMs) {
      const first = cycleIndex(afterMs);
      for (const index of [first, first + 1]) {
        const baseMs = startedAtMs + index * cycleMs;
        const event = cycleOf(index).events.find((one) => baseMs + one.atMs > afterMs);
        if (event) return { ...event, atMs: baseMs + event.atMs };
      }
      return null;
    },
    sound(identity, fromSample, count) {
      const target = new Int16Array(count);
      const voice = voices.get(identity);
      if (!voice) return target;
      const cycleSamples = cycleMs * samplesPerMs;
      const last = Math.floor((fromSample + count - 1) / cycleSamples);
      for (let index = Math.max(0, Math.floor(fromSample / cycleSamples)); index <= last; index++) {
        const baseSample = index * cycleSamples;
        const words = cycleOf(index).words.get(identity) ?? [];
        const firstMs = (fromSample - baseSample) / samplesPerMs - wordMs;
        for (let i = firstAfter(words, firstMs); i < words.length; i++) {
          const word = words[i] as CycleWord; // i is inside
          const at = baseSample + word.startMs * samplesPerMs - fromSample;
          if (at >= count) break;
          voice.write(target, at, numbers.get(word.word) ?? 0);
        }
      }
      return target;
    },
    spoken(room, fromMs, toMs) {
      const found: SpokenWord[] = [];
      for (let index = cycleIndex(fromMs); index <= cycleIndex(toMs); index++) {
        const baseMs = startedAtMs + index * cycleMs;
        for (const [identity, words] of cycleOf(index).words) {
          if (persons.get(identity)?.room !== room) continue;
          for (const { word, startMs } of words) {
            const start = baseMs + startMs;
            if (start >= fromMs && start + wordMs <= toMs)
              found.push({ identity, room, word, startMs: start, endMs: start + wordMs });
          }
        }
      }
      return found.sort((a, b) => a.startMs - b.startMs);
    },
  };
}

/** Index of the first word that starts after `ms`. */
function firstAfter(words: readonly CycleWord[], ms: number): number {
  let low = 0;
  let high = words.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((words[middle] as CycleWord).startMs > ms)
      high = middle; // middle is inside
    else low = middle + 1;
  }
  return low;
}
