import { DisconnectReason, Room, RoomEvent, type RemoteTrack, type RemoteTrackPublication } from '@livekit/rtc-node';
import { redactSecrets } from '../../../shared/text/redact.ts';
import type { SoundBlock } from '../wire/framing.ts';
import { TrackStream } from './track-stream.ts';
import { isPerson, isWanted, joinFailureOf, leftOf, nameOf, personOf, trackOf } from './words.ts';

/** A message must stay under 1 MiB: in a larger room the rest are told one by one. */
const peopleAMessage = 200;
/** Of a foreign error; docs/room-child.md takes 2,000. */
const maxTextChars = 500;
/** A track published later is subscribed after 180 ms (measured). */
const lookEveryMs = 2_000;

export interface RoomJoinOptions {
  readonly link: number;
  readonly nextStreamId: () => number;
  readonly send: (message: Readonly<Record<string, unknown>>) => void;
  readonly sendSound: (block: SoundBlock) => void;
  /** Called once, when nothing more will come. */
  readonly onOver: () => void;
}

/** One room that we are in: tells what happens in it and sends the sound of every audio track. */
export class RoomJoin {
  readonly #options: RoomJoinOptions;
  readonly #room = new Room();
  readonly #streams = new Map<string, TrackStream>();
  /** Wanted tracks that had no stream at the last look. */
  readonly #unheard = new Set<string>();
  readonly #looking: NodeJS.Timeout;
  #isOver = false;
  #isAsked = false;
  /** While the client reconnects it tells of everybody as gone; who really left is missing in the list that follows. */
  #isAway = false;

  constructor(options: RoomJoinOptions) {
    this.#options = options;
    this.#room.setMaxListeners(0); // each subscribed track adds one, and more than ten are common
    this.#listen();
    this.#looking = setInterval(() => this.#askAgain(), lookEveryMs);
  }

  async join(url: string, token: string): Promise<void> {
    try {
      await this.#room.connect(url, token, { autoSubscribe: false, dynacast: false });
    } catch (error) {
      if (this.#isOver) return;
      const text = redactSecrets(error instanceof Error ? error.message : String(error)).slice(0, maxTextChars);
      this.#tell({ ev: 'joinFailed', text, ...joinFailureOf(text) });
      this.#finish();
      return;
    }
    if (this.#isOver) await this.#room.disconnect();
    else await this.#tellEverybody();
  }

  /** Leaves; answered by `left`. A join that is still under way (up to 30 s) is undone when it comes to be. */
  async leave(): Promise<void> {
    this.#isAsked = true;
    if (this.#room.isConnected) await this.#room.disconnect().catch(() => {}); // already gone, which is what was wanted
    this.#over('asked', false);
  }

  #listen(): void {
    const room = this.#room;
    room.on(RoomEvent.ParticipantConnected, (who) => {
      if (isPerson(who)) this.#tell({ ev: 'personJoined', person: personOf(who) });
    });
    room.on(RoomEvent.ParticipantDisconnected, (who) => {
      for (const sid of who.trackPublications.keys()) this.#endStream(sid, this.#isAway ? 'disconnected' : 'left');
      if (!this.#isAway) this.#tell({ ev: 'personLeft', identity: who.identity });
    });
    room.on(RoomEvent.TrackPublished, (publication, who) => {
      this.#tell({ ev: 'trackPublished', identity: who.identity, track: trackOf(publication) });
      if (isWanted(publication)) publication.setSubscribed(true);
    });
    room.on(RoomEvent.TrackUnpublished, (publication, who) => {
      this.#endStream(publication.sid ?? '', this.#isAway ? 'disconnected' : 'unpublished');
      if (!this.#isAway) this.#tell({ ev: 'trackUnpublished', identity: who.identity, sid: publication.sid ?? '' });
    });
    room.on(RoomEvent.TrackSubscribed, (track, publication, who) => this.#openStream(track, publication, who.identity));
    room.on(RoomEvent.TrackUnsubscribed, (_track, publication) => this.#endUnsubscribed(publication.sid ?? ''));
    room.on(RoomEvent.TrackMuted, (publication, who) => this.#tellMuted(publication.sid, who.identity, true));
    room.on(RoomEvent.TrackUnmuted, (publication, who) => this.#tellMuted(publication.sid, who.identity, false));
    room.on(RoomEvent.ParticipantNameChanged, (name, who) =>
      this.#tell({ ev: 'nameChanged', identity: who.identity, name: nameOf(name || who.identity) }),
    );
    room.on(RoomEvent.ActiveSpeakersChanged, (speakers) =>
      this.#tell({ ev: 'speakers', identities: speakers.map((who) => who.identity) }),
    );
    room.on(RoomEvent.Reconnecting, () => {
      this.#isAway = true;
      this.#tell({ ev: 'connection', state: 'reconnecting' });
    });
    room.on(RoomEvent.Reconnected, () => {
      this.#isAway = false;
      this.#tell({ ev: 'connection', state: 'connected' });
      void this.#tellEverybody(); // who came or went meanwhile
    });
    room.on(RoomEvent.Disconnected, (reason) => {
      if (this.#isAsked) return; // `leave` answers when the room is really closed
      const left = leftOf(reason ?? DisconnectReason.UNKNOWN_REASON);
      this.#over(left.reason, left.retryable);
    });
  }

  async #tellEverybody(): Promise<void> {
    const sid = await this.#room.getSid().catch(() => ''); // only a name for the log
    if (this.#isOver) return;
    const present = [...this.#room.remoteParticipants.values()];
    const people = present.filter(isPerson).map(personOf);
    this.#tell({ ev: 'joined', sid, people: people.slice(0, peopleAMessage) });
    for (const person of people.slice(peopleAMessage)) this.#tell({ ev: 'personJoined', person });
    for (const who of present)
      for (const publication of who.trackPublications.values())
        if (isWanted(publication) && !publication.subscribed) publication.setSubscribed(true);
  }

  #openStream(track: RemoteTrack, publication: RemoteTrackPublication, identity: string): void {
    const sid = publication.sid ?? '';
    if (this.#isOver || !isWanted(publication)) return;
    this.#endStream(sid, 'disconnected'); // subscribed twice without an end between: the older is dead
    const streamId = this.#options.nextStreamId();
    const stream = new TrackStream({
      streamId,
      track,
      onOpened: (atMs) => this.#tell({ ev: 'streamOpened', streamId, identity, sid, atMs }),
      onSound: (block) => this.#options.sendSound(block),
      onEnded: () => {
        if (this.#streams.get(sid) === stream) this.#endUnsubscribed(sid);
      },
    });
    this.#streams.set(sid, stream);
  }

  /** An unsubscription comes just before the news of what caused it; a published track that we lost was the connection. */
  #endUnsubscribed(sid: string): void {
    const stream = this.#streams.get(sid);
    if (!stream) return;
    setTimeout(() => {
      if (this.#streams.get(sid) === stream) this.#endStream(sid, 'disconnected');
    }, 50).unref();
    stream.end();
  }

  #endStream(sid: string, reason: 'unpublished' | 'left' | 'disconnected'): void {
    const stream = this.#streams.get(sid);
    if (!stream) return;
    this.#streams.delete(sid);
    stream.end();
    if (stream.isOpen) this.#tell({ ev: 'streamEnded', streamId: stream.streamId, reason });
  }

  /**
   * Every track that we want must have a stream: one whose subscription failed, or was lost while the client reconnected,
   * is asked for again. Off and on, since a second "on" alone changes nothing for the server.
   */
  #askAgain(): void {
    if (this.#isAway || !this.#room.isConnected) return this.#unheard.clear();
    for (const who of this.#room.remoteParticipants.values())
      for (const [sid, publication] of who.trackPublications) {
        if (!isWanted(publication) || publication.muted || this.#streams.has(sid)) this.#unheard.delete(sid);
        else if (!this.#unheard.delete(sid)) this.#unheard.add(sid);
        else {
          publication.setSubscribed(false);
          publication.setSubscribed(true);
        }
      }
  }

  #tellMuted(sid: string | undefined, identity: string, muted: boolean): void {
    this.#tell({ ev: 'trackMuted', identity, sid: sid ?? '', muted });
  }

  #over(reason: string, retryable: boolean): void {
    if (this.#isOver) return;
    for (const sid of this.#streams.keys()) this.#endStream(sid, 'disconnected');
    this.#tell({ ev: 'left', reason, retryable });
    this.#finish();
    this.#room.disconnect().catch(() => {}); // frees what is native; a room that was ended by the server is not connected
  }

  #finish(): void {
    this.#isOver = true;
    clearInterval(this.#looking);
    this.#room.removeAllListeners();
    this.#options.onOver();
  }

  #tell(message: Readonly<Record<string, unknown>>): void {
    if (!this.#isOver) this.#options.send({ link: this.#options.link, ...message });
  }
}
