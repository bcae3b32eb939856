import { expect, test } from 'vitest';
import { openActs } from '../../src/rehearsal/livekit/acts.ts';
import { openRoomBook, type RoomChange } from '../../src/rehearsal/livekit/rooms.ts';
import { openShow } from '../../src/rehearsal/scene/show.ts';

// A clock of our own over the real scene: nothing here waits.
const startedAtMs = 1_700_000_000_000;
const room = 'town-hall';

function open(atMs: number) {
  const clock = { nowMs: startedAtMs + atMs };
  const script = openShow('town-hall', { startedAtMs, seed: 3 });
  const changes: RoomChange[] = [];
  const acts = openActs(script, () => clock.nowMs);
  const told = (): string[] =>
    changes.splice(0).map((change) => [change.type, change.participant?.identity].filter(Boolean).join(' '));
  const openBook = () => openRoomBook({ acts, now: () => clock.nowMs, onChange: (change) => changes.push(change) });
  return { clock, script, acts, told, openBook };
}

test('who is muted by the host is silent from then until the script unmutes them', () => {
  const { acts, script, clock } = open(30_000);
  const identity = 'carla-ferreira'; // unmuted at 24 s, muted by herself at 46 s, unmuted at 134 s
  expect(acts.mute(room, identity)).toBe(true);
  const { show } = acts;
  const words = (one: typeof show, fromMs: number, toMs: number): number =>
    one.spoken(room, startedAtMs + fromMs, startedAtMs + toMs).filter((word) => word.identity === identity).length;
  expect(words(script, 30_000, 130_000)).toBeGreaterThan(0);
  expect(words(show, 30_000, 130_000)).toBe(0);
  expect(words(show, 0, 30_000)).toBe(words(script, 0, 30_000));
  expect(words(show, 134_000, 160_000)).toBe(words(script, 134_000, 160_000));
  const loud = (fromMs: number, toMs: number): boolean =>
    show.sound(identity, fromMs * 48, (toMs - fromMs) * 48).some((sample) => sample !== 0);
  expect([loud(24_000, 30_000), loud(30_000, 134_000), loud(134_000, 156_000)]).toEqual([true, false, true]);
  const isMuted = () => show.people(room, clock.nowMs).find((person) => person.identity === identity)?.muted;
  expect(isMuted()).toBe(true);
  clock.nowMs = startedAtMs + 135_000;
  expect(isMuted()).toBe(false);
});

test('who is sent away comes back when the script lets them in, and nobody else is touched', () => {
  const { acts, clock } = open(10_000);
  expect(acts.remove(room, 'nobody')).toBe(false);
  expect(acts.remove(room, 'olena-kovalchuk')).toBe(true); // leaves at 100 s and joins at 112 s by herself
  const present = () => acts.show.people(room, clock.nowMs).map((person) => person.identity);
  expect(present()).toHaveLength(5);
  clock.nowMs = startedAtMs + 111_000;
  expect(present()).not.toContain('olena-kovalchuk');
  clock.nowMs = startedAtMs + 113_000;
  expect(present()).toContain('olena-kovalchuk');
});

test('the book of rooms tells of every act and says why people left', () => {
  const { acts, told, openBook } = open(10_000);
  const book = openBook();
  told();
  const [microphone, camera] = book.person(room, 'ada-lindqvist')?.tracks ?? [];
  expect(book.muteTrack(room, 'ada-lindqvist', microphone?.sid ?? '')?.muted).toBe(true);
  expect(told()).toEqual(['track_muted ada-lindqvist']);
  expect(book.muteTrack(room, 'ada-lindqvist', 'TR_unknown')).toBeUndefined();
  expect(camera?.muted).toBe(false);
  expect(book.removePerson(room, 'bao-nguyen')).toBe(true);
  expect(told()).toEqual([
    'track_unpublished bao-nguyen',
    'track_unpublished bao-nguyen',
    'participant_left bao-nguyen',
  ]);
  expect(book.room(room)?.numParticipants).toBe(5);
  const leave = book.enterRecorder(room, 'EG_x');
  expect([book.room(room)?.numParticipants, book.room(room)?.activeRecording]).toEqual([5, true]);
  leave();
  expect(book.room(room)?.activeRecording).toBe(false);
  told();
  expect(book.remove(room)).toBe(true);
  expect(told().filter((line) => !line.startsWith('track_'))).toEqual([
    'participant_left ada-lindqvist',
    'participant_left carla-ferreira',
    'participant_left tanaka-misaki',
    'participant_left olena-kovalchuk',
    'participant_left youssef-haddad',
    'room_finished',
  ]);
  expect(book.room(room)).toBeUndefined();
  expect(acts.show.people(room, startedAtMs + 10_000)).toEqual([]);
  book.close();
});

test('a hush mutes everybody until its end, or until it is called off, and the book of rooms tells both', () => {
  const { acts, clock, told, openBook } = open(10_000);
  const book = openBook();
  told();
  const isMuted = () => book.person(room, 'ada-lindqvist')?.tracks[0]?.muted;
  const isLoud = (fromMs: number, toMs: number): boolean =>
    acts.show.people(room, startedAtMs + fromMs).some((person) => {
      const samples = acts.show.sound(person.identity, fromMs * 48, (toMs - fromMs) * 48);
      return samples.some((sample) => sample !== 0);
    });
  expect(isLoud(10_000, 20_000)).toBe(true);
  acts.hush(startedAtMs + 30_000);
  expect(acts.isHushed).toBe(true);
  expect([told().includes('track_muted ada-lindqvist'), isMuted()]).toEqual([true, true]);
  expect([isLoud(10_000, 30_000), isLoud(30_000, 50_000)]).toEqual([false, true]);
  clock.nowMs += 5_000;
  const next = acts.show.nextEvent(startedAtMs + 29_999);
  expect(next).toMatchObject({ type: 'unmute', atMs: startedAtMs + 30_000 });
  acts.hush(0);
  expect(acts.isHushed).toBe(false);
  expect([told().includes('track_muted ada-lindqvist'), isMuted()]).toEqual([true, false]);
  expect([isLoud(10_000, 15_000), isLoud(15_000, 30_000)]).toEqual([false, true]);
  book.close();
});
