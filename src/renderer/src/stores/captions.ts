import { createStore } from 'zustand/vanilla';
import type { CaptionSession } from '../../../shared/model/captions.ts';

/** Caption sessions of the chosen server: those that run, and the ended ones of this day, newest first. */
export const captionsStore = createStore<{ readonly sessions: readonly CaptionSession[] }>(() => ({ sessions: [] }));

/** The running session of a room, else its newest. */
export const sessionOf = (sessions: readonly CaptionSession[], roomName: string | null): CaptionSession | null =>
  sessions.find((session) => session.roomName === roomName && session.state !== 'ended') ??
  sessions.find((session) => session.roomName === roomName) ??
  null;
