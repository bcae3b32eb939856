import type { SceneShow } from '../scene/show.ts';
import { CastMember } from './member.ts';
import { castServer } from './server.ts';

export interface CastOptions {
  readonly show: SceneShow;
  /** Of the real server, `ws://…` or `http://…`. */
  readonly url: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  /** Which rooms of the show; all by default. */
  readonly rooms?: readonly string[];
  /** What went wrong with one person; the others play on. */
  readonly onProblem?: (identity: string, error: unknown) => void;
}

export interface Cast {
  /** Identities of those who are in their rooms now. */
  present(): readonly string[];
  close(): Promise<void>;
}

const samplesPerMs = 48;
const blockMs = 10;
const lookMs = 50;
const retryMs = 2_000;
interface Part {
  readonly member: CastMember;
  readonly joined: Promise<boolean>;
  isIn: boolean;
  /** Mutes and unmutes follow each other; two at once would cross. */
  work: Promise<void>;
  wantsMuted: boolean;
}

/**
 * Puts the people of a show into the rooms of a real server and lets them join, leave, mute and speak by its clock.
 * Resolves when everybody who is there at the start has joined. Needs NODE_ENV=production before rtc-node is loaded;
 * the process must call its `dispose()` at the end.
 */
export async function openCast(options: CastOptions): Promise<Cast> {
  const { show } = options;
  const server = castServer(options);
  const rooms = options.rooms ?? show.rooms;
  const parts = new Map<string, Part>();
  const notBeforeMs = new Map<string, number>();
  const leaving = new Set<Promise<void>>();
  const problem = (identity: string, error: unknown): void => options.onProblem?.(identity, error);

  function enter(room: string, identity: string, name: string, muted: boolean): void {
    const member = new CastMember({
      server,
      room,
      identity,
      name,
      soundAt: (fromSample) => show.sound(identity, fromSample, blockMs * samplesPerMs),
    });
    const joined = member.join(muted).then(
      () => true,
      (error: unknown) => {
        problem(identity, error);
        notBeforeMs.set(identity, Date.now() + retryMs);
        return false;
      },
    );
    const part: Part = { member, joined, isIn: false, work: Promise.resolve(), wantsMuted: muted };
    parts.set(identity, part);
    void joined.then((isIn) => {
      if (isIn) part.isIn = true;
      else leave(identity);
    });
  }

  function leave(identity: string): void {
    const part = parts.get(identity);
    if (!part) return;
    parts.delete(identity);
    const gone = part.joined
      .then(() => part.work)
      .then(() => part.member.close())
      .catch((error: unknown) => problem(identity, error))
      .finally(() => leaving.delete(gone));
    leaving.add(gone);
  }

  function look(): void {
    const nowMs = Date.now();
    const wanted = new Set<string>();
    for (const room of rooms)
      for (const { identity, name, muted } of show.people(room, nowMs)) {
        wanted.add(identity);
        const part = parts.get(identity);
        if (!part) {
          if (nowMs >= (notBeforeMs.get(identity) ?? 0)) enter(room, identity, name, muted);
        } else if (part.isIn && part.wantsMuted !== muted) {
          part.wantsMuted = muted;
          part.work = part.work
            .then(() => part.member.setMuted(muted))
            .catch((error: unknown) => problem(identity, error));
        }
        // Who was sent away stays away until the script brings them back; who was cut off tries again.
        const gone = part?.member.gone;
        if (gone) notBeforeMs.set(identity, gone === 'removed' ? Number.POSITIVE_INFINITY : nowMs + retryMs);
      }
    for (const identity of parts.keys()) if (!wanted.has(identity) || parts.get(identity)?.member.gone) leave(identity);
    for (const identity of notBeforeMs.keys()) if (!wanted.has(identity)) notBeforeMs.delete(identity);
  }

  function speak(): void {
    const dueSample = (Date.now() - show.startedAtMs) * samplesPerMs;
    for (const part of parts.values()) if (part.isIn) part.member.speak(dueSample);
  }

  look();
  await Promise.all([...parts.values()].map((part) => part.joined));
  const timers = [setInterval(look, lookMs), setInterval(speak, blockMs)];

  const end = async (): Promise<void> => {
    for (const timer of timers) clearInterval(timer);
    for (const identity of parts.keys()) leave(identity);
    await Promise.all(leaving);
  };
  let closed: Promise<void> | null = null;
  return {
    present: () => [...parts].filter(([, part]) => part.isIn && !part.member.gone).map(([identity]) => identity),
    close: () => (closed ??= end()),
  };
}
