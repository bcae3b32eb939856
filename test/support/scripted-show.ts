import type { SceneEvent, SceneShow } from '../../src/rehearsal/scene/show.ts';

/** A one-room scene under the test's hand: people come, go and mute when it says so, and each sounds as a steady ramp, or as one level. */
export interface ScriptedShow {
  readonly show: SceneShow;
  /** What happens `afterMs` from now; to be said before the show is opened, as a script is. */
  plan(afterMs: number, type: SceneEvent['type'], identity: string): void;
}

export function scriptedShow(
  room: string,
  identities: readonly string[],
  soundOf?: (identity: string) => number,
): ScriptedShow {
  const startedAtMs = Date.now();
  const events: SceneEvent[] = identities.map((identity) => ({ atMs: startedAtMs, type: 'join', identity, room }));
  const stateAt = (identity: string, atMs: number): { present: boolean; muted: boolean } => {
    let present = false;
    let muted = false;
    for (const event of events) {
      if (event.identity !== identity || event.atMs > atMs) continue;
      if (event.type === 'join' || event.type === 'leave') present = event.type === 'join';
      else muted = event.type === 'mute';
    }
    return { present, muted };
  };
  const show: SceneShow = {
    name: 'scripted',
    startedAtMs,
    rooms: [room],
    lexicon: [],
    people: (name, atMs) =>
      (name === room ? [...new Set(events.map((event) => event.identity))] : [])
        .map((identity, band) => ({ identity, name: identity, room, band, ...stateAt(identity, atMs) }))
        .filter((person) => person.present)
        .map(({ present: _present, ...person }) => person),
    nextEvent: (afterMs) => events.filter((event) => event.atMs > afterMs).sort((a, b) => a.atMs - b.atMs)[0] ?? null,
    // Sample n of the show has the value n modulo a prime: where a block belongs can be read from its first samples.
    sound: (identity, fromSample, count) =>
      Int16Array.from({ length: count }, (_, i) => (soundOf ? soundOf(identity) : rampAt(fromSample + i))),
    spoken: () => [],
  };
  return {
    show,
    plan: (afterMs, type, identity) => events.push({ atMs: Date.now() + afterMs, type, identity, room }),
  };
}

/** A prime: the ramp repeats every 0.33 s. */
export const rampLength = 16_001;

export function rampAt(sample: number): number {
  return ((sample % rampLength) + rampLength) % rampLength;
}
