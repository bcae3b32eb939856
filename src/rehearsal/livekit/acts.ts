import type { SceneShow } from '../scene/show.ts';

/** What the server API did to people of a scene: muted, sent away. The show goes on without asking, so this lies over it. */
export interface Acts {
  /** The show as it is after the acts: this one is what rooms, recorders and the room child play. */
  readonly show: SceneShow;
  /** Muted by the host until the person unmutes by the script; false where there is no such person now. */
  mute(room: string, identity: string): boolean;
  /** Sent out of the room until the script lets them join again; false where there is no such person now. */
  remove(room: string, identity: string): boolean;
  /** Everybody is muted until then, or from now on no more. */
  hush(untilMs: number): void;
  readonly isHushed: boolean;
  /** Called right after an act, so that those who wait for the script's next event look again. */
  onAct(listener: () => void): () => void;
}

type ShowEvent = NonNullable<ReturnType<SceneShow['nextEvent']>>;
interface Span {
  readonly kind: 'muted' | 'away';
  readonly room: string;
  readonly identity: string;
  readonly fromMs: number;
  toMs: number;
  /** Its end is none of the script's events. */
  readonly isHush: boolean;
}

const sampleRateHz = 48_000;
/** How far the script is searched for the end of an act: a round of a scene has some fifteen events. Who does nothing in so many stays as they are. */
const searchedEvents = 50;

export function openActs(script: SceneShow, now: () => number): Acts {
  const spans: Span[] = [];
  const listeners = new Set<() => void>();
  const covers = (kind: Span['kind'], room: string, identity: string, atMs: number): boolean =>
    spans.some(
      (s) => s.kind === kind && s.room === room && s.identity === identity && s.fromMs <= atMs && atMs < s.toMs,
    );

  const act = (kind: Span['kind'], room: string, identity: string, until: ShowEvent['type']): boolean => {
    const fromMs = now();
    if (!show.people(room, fromMs).some((person) => person.identity === identity)) return false;
    if (!covers(kind, room, identity, fromMs)) {
      const toMs = nextOf(script, room, identity, until, fromMs);
      spans.push({ kind, room, identity, fromMs, toMs, isHush: false });
      for (const listener of listeners) listener();
    }
    return true;
  };

  const hush = (untilMs: number): void => {
    const fromMs = now();
    for (const span of spans) if (span.isHush && span.toMs > fromMs) span.toMs = fromMs;
    for (const room of untilMs > fromMs ? script.rooms : [])
      for (const { identity } of show.people(room, fromMs))
        spans.push({ kind: 'muted', room, identity, fromMs, toMs: untilMs, isHush: true });
    for (const listener of listeners) listener();
  };

  const show: SceneShow = {
    name: script.name,
    startedAtMs: script.startedAtMs,
    rooms: script.rooms,
    lexicon: script.lexicon,
    people: (room, atMs) =>
      script
        .people(room, atMs)
        .filter((person) => !covers('away', room, person.identity, atMs))
        .map((person) => (covers('muted', room, person.identity, atMs) ? { ...person, muted: true } : person)),
    nextEvent: (afterMs) => {
      const begun = spans
        .filter((span) => span.fromMs > afterMs)
        .map(({ kind, room, identity, fromMs }): ShowEvent => ({
          atMs: fromMs,
          type: kind === 'muted' ? 'mute' : 'leave',
          identity,
          room,
        }));
      const over = spans
        .filter((span) => span.isHush && span.toMs > afterMs)
        .map(({ room, identity, toMs }): ShowEvent => ({ atMs: toMs, type: 'unmute', identity, room }));
      const scripted = script.nextEvent(afterMs);
      return [...begun, ...over, ...(scripted ? [scripted] : [])].sort((a, b) => a.atMs - b.atMs)[0] ?? null;
    },
    sound: (identity, fromSample, count) => {
      const samples = script.sound(identity, fromSample, count);
      for (const span of spans) {
        if (span.identity === identity) silence(samples, fromSample, span, script.startedAtMs);
      }
      return samples;
    },
    spoken: (room, fromMs, toMs) =>
      script
        .spoken(room, fromMs, toMs)
        .filter(
          (word) =>
            !spans.some(
              (s) => s.room === room && s.identity === word.identity && s.fromMs < word.endMs && word.startMs < s.toMs,
            ),
        ),
  };

  return {
    show,
    mute: (room, identity) => act('muted', room, identity, 'unmute'),
    remove: (room, identity) => act('away', room, identity, 'join'),
    hush,
    get isHushed() {
      return spans.some((span) => span.isHush && span.toMs > now());
    },
    onAct: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function nextOf(script: SceneShow, room: string, identity: string, type: ShowEvent['type'], afterMs: number): number {
  let event = script.nextEvent(afterMs);
  for (let searched = 0; event && searched < searchedEvents; searched += 1) {
    if (event.room === room && event.identity === identity && event.type === type) return event.atMs;
    event = script.nextEvent(event.atMs);
  }
  return Infinity;
}

function silence(samples: Int16Array, fromSample: number, span: Span, startedAtMs: number): void {
  const sampleAt = (ms: number): number => Math.round(((ms - startedAtMs) * sampleRateHz) / 1000) - fromSample;
  const from = Math.max(0, sampleAt(span.fromMs));
  const to = Math.min(samples.length, sampleAt(span.toMs));
  if (from < to) samples.fill(0, from, to);
}
