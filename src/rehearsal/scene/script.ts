import { backstage, overflow, townHall } from './town-hall.ts';

interface ScriptEvent {
  /** From the start of the cycle. */
  readonly atMs: number;
  readonly type: 'join' | 'leave' | 'mute' | 'unmute';
}

export interface ScriptPerson {
  readonly identity: string;
  readonly name: string;
  readonly band: number;
  /** Peak of a tone, of full scale: people are not equally loud. */
  readonly amplitude: number;
  /** How often this person takes the word, against the others. */
  readonly weight: number;
  /** In the room, and muted, when a cycle starts; the events bring a person back to this by its end. */
  readonly present: boolean;
  readonly muted: boolean;
  readonly events: readonly ScriptEvent[];
  readonly sentences: readonly string[];
}

export interface ScriptRoom {
  readonly name: string;
  readonly firstWordMs: number;
  readonly pauseMs: number;
  /** Share of the turns into which another person speaks. */
  readonly overlapShare: number;
  /** From `atMs` on this person has the next word. */
  readonly cues: readonly { readonly atMs: number; readonly identity: string }[];
  readonly people: readonly ScriptPerson[];
}

export interface ScriptScene {
  readonly name: string;
  readonly cycleMs: number;
  readonly rooms: readonly ScriptRoom[];
}

export const scenes: readonly ScriptScene[] = [
  { name: 'town-hall', cycleMs: 180_000, rooms: [townHall, backstage, overflow] },
];

/** Words that keep their capital inside a sentence. */
const proper = new Set(['I', 'Kyiv', 'Amman', 'Lisbon', 'Osaka', 'Hanoi', 'Malmö']);

/** The words of a sentence as the lexicon has them: no punctuation, small letters but for names. */
export function wordsOf(sentence: string): readonly string[] {
  return sentence
    .replaceAll(/[.,?!:;]/g, '')
    .split(' ')
    .filter((word) => word !== '')
    .map((word) => (proper.has(word) ? word : word.toLowerCase()));
}

/** Every word of a scene, sorted; a word's place is its number in the tones. */
export function lexiconOf(scene: ScriptScene): readonly string[] {
  const words = new Set<string>();
  for (const room of scene.rooms)
    for (const person of room.people)
      for (const sentence of person.sentences) for (const word of wordsOf(sentence)) words.add(word);
  return [...words].sort();
}
