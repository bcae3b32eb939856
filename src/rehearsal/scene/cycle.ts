import { wordMs } from '../tones/layout.ts';
import type { ScriptPerson, ScriptRoom, ScriptScene } from './script.ts';
import { wordsOf } from './script.ts';

export interface CyclePerson extends ScriptPerson {
  readonly room: string;
}

/** A word and when it starts, in whole ms from the cycle's start. */
export interface CycleWord {
  readonly word: string;
  readonly startMs: number;
}

interface CycleEvent {
  readonly atMs: number;
  readonly type: 'join' | 'leave' | 'mute' | 'unmute';
  readonly identity: string;
  readonly room: string;
}

/** One round of a scene: the events are the same in each, the words differ. */
export interface Cycle {
  readonly events: readonly CycleEvent[];
  readonly words: ReadonlyMap<string, readonly CycleWord[]>;
}

// A person that has just come needs a moment until the others hear them (a real server: about 200 ms); nobody speaks into
// their own mute or leave either.
const afterJoinMs = 3_000;
const afterUnmuteMs = 1_500;
const beforeSilenceMs = 1_500;

interface Turn {
  readonly person: ScriptPerson;
  readonly words: readonly CycleWord[];
  readonly endMs: number;
}

/** Where a person is at a moment of the cycle. */
export function presenceAt(person: ScriptPerson, offsetMs: number): { present: boolean; muted: boolean } {
  let { present, muted } = person;
  for (const { atMs, type } of person.events) {
    if (atMs > offsetMs) break;
    if (type === 'join' || type === 'leave') present = type === 'join';
    else muted = type === 'mute';
  }
  return { present, muted };
}

/** The words and events of round `index`. The same scene, seed and index give the same round. */
export function compileCycle(scene: ScriptScene, seed: number, index: number): Cycle {
  const words = new Map<string, CycleWord[]>();
  const events: CycleEvent[] = [];
  scene.rooms.forEach((room, number) => {
    for (const person of room.people) {
      words.set(person.identity, []);
      for (const event of person.events) events.push({ ...event, identity: person.identity, room: room.name });
    }
    const random = randomOf(seed * 7919 + index * 104_729 + number * 31);
    for (const turn of turnsOf(room, scene.cycleMs, index === 0, random))
      words.get(turn.person.identity)?.push(...turn.words);
  });
  events.sort((a, b) => a.atMs - b.atMs);
  return { events, words };
}

function turnsOf(room: ScriptRoom, cycleMs: number, isFirst: boolean, random: () => number): readonly Turn[] {
  const turns: Turn[] = [];
  const busyUntil = new Map<string, number>();
  // In the first round everybody opens with the first sentence of their list: the hour begins with a welcome.
  const unsaid = new Map(
    room.people.map(({ identity, sentences }) => [
      identity,
      isFirst ? [...sentences.slice(0, 1), ...shuffled(sentences.slice(1), random)] : shuffled(sentences, random),
    ]),
  );
  const cues = [...room.cues];
  let cursorMs = room.firstWordMs;
  let last: ScriptPerson | null = null;

  function speak(person: ScriptPerson, atMs: number): Turn | null {
    const stock = unsaid.get(person.identity) ?? [];
    if (stock.length === 0) stock.push(...shuffled(person.sentences, random));
    const sentence = stock[0];
    if (sentence === undefined) return null;
    const turn = { person, ...said(sentence, Math.round(atMs), random) };
    if (turn.endMs > cycleMs - beforeSilenceMs || !maySpeak(person, atMs, turn.endMs)) return null;
    if (atMs < (busyUntil.get(person.identity) ?? 0)) return null;
    stock.shift();
    unsaid.set(person.identity, stock);
    busyUntil.set(person.identity, turn.endMs + 500);
    turns.push(turn);
    return turn;
  }

  while (cursorMs < cycleMs) {
    const cue = cues[0] && cues[0].atMs <= cursorMs ? cues.shift() : undefined;
    const cued = cue ? room.people.find((person) => person.identity === cue.identity) : undefined;
    const person: ScriptPerson | undefined = cued ?? choose(room.people, last, random);
    const turn: Turn | null = person ? speak(person, cursorMs) : null;
    if (!turn) {
      cursorMs += 400;
      continue;
    }
    last = turn.person;
    // Now and then somebody begins before the other has ended, and sometimes a third one joins in.
    if (random() < room.overlapShare) {
      const second = speak(choose(room.people, last, random) ?? turn.person, turn.endMs - 900 - 900 * random());
      if (second && random() < 0.4) speak(choose(room.people, second.person, random) ?? turn.person, turn.endMs - 500);
    }
    const endMs = Math.max(...turns.slice(-3).map((one) => one.endMs));
    // The same person may go on after a breath.
    cursorMs = endMs + room.pauseMs * (0.5 + random());
  }
  // Order by start within a person is by construction: nobody starts before their last sentence has ended.
  return turns;
}

/** Whether the person can be heard through all of [fromMs, toMs] and a margin. */
function maySpeak(person: ScriptPerson, fromMs: number, toMs: number): boolean {
  const start = presenceAt(person, fromMs);
  if (!start.present || start.muted) return false;
  return person.events.every(({ atMs, type }) => {
    const before = type === 'join' ? afterJoinMs : type === 'unmute' ? afterUnmuteMs : 0;
    return toMs + beforeSilenceMs < atMs || fromMs > atMs + before;
  });
}

function said(sentence: string, atMs: number, random: () => number): { words: readonly CycleWord[]; endMs: number } {
  let cursorMs = atMs;
  const words = wordsOf(sentence).map((word) => {
    const startMs = cursorMs;
    // Under 230 ms of pause: a transcriber that ends an utterance after 300 ms of silence keeps a sentence whole.
    cursorMs += wordMs + 100 + Math.floor(130 * random());
    return { word, startMs };
  });
  return { words, endMs: (words.at(-1)?.startMs ?? atMs) + wordMs };
}

function choose(
  people: readonly ScriptPerson[],
  last: ScriptPerson | null,
  random: () => number,
): ScriptPerson | undefined {
  const weights = people.map((person) => (person === last ? person.weight * 0.25 : person.weight));
  let rest = random() * weights.reduce((sum, weight) => sum + weight, 0);
  return people.find((_person, index) => (rest -= weights[index] ?? 0) < 0);
}

function shuffled(items: readonly string[], random: () => number): string[] {
  const copy = [...items];
  for (let i = copy.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [copy[i], copy[j]] = [copy[j] as string, copy[i] as string]; // both are inside
  }
  return copy;
}

/** mulberry32: small, fast, the same everywhere. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
