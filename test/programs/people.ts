/**
 * Participants of rooms, told by messages of the parent what to do; each command is answered when the server has taken it.
 * Real ones: they join by signalling and WebRTC, and publish silence.
 */
import { AudioSource, dispose, LocalAudioTrack, Room, TrackPublishOptions, TrackSource } from '@livekit/rtc-node';

export type PeopleCommand =
  | {
      readonly id: number;
      readonly do: 'join';
      readonly identity: string;
      readonly url: string;
      readonly token: string;
    }
  | { readonly id: number; readonly do: 'publish' | 'leave'; readonly identity: string }
  | { readonly id: number; readonly do: 'end' };
export interface PeopleAnswer {
  readonly id: number;
  readonly error?: string;
}

interface One {
  readonly room: Room;
}
const people = new Map<string, One>();

async function run(command: PeopleCommand): Promise<void> {
  if (command.do === 'end') {
    await Promise.all(Array.from(people.values(), ({ room }) => room.disconnect()));
    await dispose();
    return;
  }
  if (command.do === 'join') {
    const room = new Room();
    await room.connect(command.url, command.token, { autoSubscribe: false, dynacast: false });
    people.set(command.identity, { room });
    return;
  }
  const one = people.get(command.identity);
  if (!one) throw new Error('nobody of this identity');
  if (command.do === 'leave') {
    people.delete(command.identity);
    await one.room.disconnect();
  } else {
    const track = LocalAudioTrack.createAudioTrack('mic', new AudioSource(48_000, 1, 0));
    const options = new TrackPublishOptions({ source: TrackSource.SOURCE_MICROPHONE });
    await one.room.localParticipant?.publishTrack(track, options);
  }
}

process.on('message', (command: PeopleCommand) => {
  void run(command).then(
    () => {
      process.send?.({ id: command.id } satisfies PeopleAnswer);
      if (command.do === 'end') process.exit(0);
    },
    (error: unknown) => process.send?.({ id: command.id, error: String(error) } satisfies PeopleAnswer),
  );
});
process.on('disconnect', () => process.exit(0));
