import type { JoinLink, JoinOrder } from '../../shared/model/join-link.ts';
import { ProblemError, problemOf } from '../../shared/model/problem-error.ts';
import type { Person } from '../../shared/model/room.ts';
import type { Clock } from '../live/clock.ts';
import type { Log } from '../live/log.ts';
import { parseEgressInfo, type EgressSnapshot } from './egress-info.ts';
import { readEgress, readEgressList } from './egress-list.ts';
import type { EgressForms } from './egress-request/forms.ts';
import { kindOfStart, type EgressWatcher } from './egress-watcher.ts';
import { ignoredFields } from './egress-request/ignored.ts';
import { KnownCalls, needsNewerServer } from './egress-request/known-calls.ts';
import type { Endpoint } from './endpoint.ts';
import { makeJoinLink } from './join-link.ts';
import { keptReader } from './kept-reader.ts';
import { RoomControl } from './room-control.ts';
import { readAnswer } from './read-answer.ts';
import { parsePeople, parseRecorders, parseRooms, readRoom, type ListedRoom } from './room-info.ts';
import { signListenerToken } from './tokens.ts';
import { parseJson, Twirp, type TwirpCall } from './twirp.ts';

/** A list answers within 0.2 s when all is well (measured with 90 jobs and 50 rooms); more than this is a server in trouble. */
const listLimitMs = 5_000;
/** Stops and changes take 3.0 s where the worker is gone (measured). */
const controlLimitMs = 8_000;
/** A refused start takes 20 to 25.4 s on a self-hosted server (measured). */
const startLimitMs = 30_000;

export interface LiveKitApiOptions {
  readonly url: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Is told of every start, stop and list of egress. */
  readonly watcher?: EgressWatcher | undefined;
}
export interface StartedEgress {
  readonly snapshot: EgressSnapshot;
  readonly ignored: readonly string[];
}
/** People with the body they were read from: an equal body is not read again. */
export interface ListedPeople {
  readonly people: readonly Person[];
  readonly body: string;
}
/**
 * The API of one LiveKit server. Every call rejects with a ProblemError, or with the reason of its signal. Nothing is
 * repeated by itself: who calls decides. `close()` ends its connections.
 */
export class LiveKitApi {
  /** What is done to rooms and people. */
  readonly control: RoomControl;
  readonly #twirp: Twirp;
  readonly #options: LiveKitApiOptions;
  readonly #calls: KnownCalls;
  /** Of the whole lists alone, which are asked for every few seconds. */
  readonly #readRooms = keptReader(readRoom);
  readonly #readJobs = keptReader(readEgress);
  constructor(options: LiveKitApiOptions) {
    this.#options = options;
    this.#twirp = new Twirp(options);
    this.#calls = new KnownCalls(options.clock);
    this.control = new RoomControl((...call) => this.#room(...call));
  }
  get endpoint(): Endpoint {
    return this.#twirp.endpoint;
  }

  /** All rooms, or those of the names given. */
  async listRooms(signal?: AbortSignal, names?: readonly string[]): Promise<readonly ListedRoom[]> {
    const body = names ? { names } : {};
    const read = names ? undefined : this.#readRooms;
    const answer = await this.#room('ListRooms', { roomList: true }, body, listLimitMs, signal);
    return readAnswer((value) => parseRooms(value, read), answer);
  }

  /** The people of a room; none where it does not exist. Returns `known` itself where nothing has changed. */
  async listPeople(roomName: string, signal?: AbortSignal, known?: ListedPeople): Promise<ListedPeople> {
    const grants = { roomAdmin: true, room: roomName } as const;
    const body = await this.#room('ListParticipants', grants, { room: roomName }, listLimitMs, signal);
    return known?.body === body ? known : { people: readAnswer(parsePeople, body), body };
  }

  /** Identities of the recorders in a room: those of running egress are its ids. */
  async listRecorders(roomName: string, signal?: AbortSignal): Promise<readonly string[]> {
    const grants = { roomAdmin: true, room: roomName } as const;
    return readAnswer(
      parseRecorders,
      await this.#room('ListParticipants', grants, { room: roomName }, listLimitMs, signal),
    );
  }

  /** Jobs that the server knows, in no order; it forgets ended ones after 24 h. `egress-not-connected`: it has no egress. */
  async listEgress(
    filter: { readonly roomName?: string; readonly isActive?: boolean } = {},
    signal?: AbortSignal,
  ): Promise<readonly EgressSnapshot[]> {
    const body = {
      ...(filter.roomName === undefined ? {} : { room_name: filter.roomName }),
      ...(filter.isActive === undefined ? {} : { active: filter.isActive }),
    };
    const isWhole = Object.keys(body).length === 0;
    const ask = (asked: TwirpCall['body']): Promise<string> =>
      this.#egress('ListEgress', asked, listLimitMs, signal, true);
    const list = await readEgressList(body, ask, isWhole ? this.#readJobs : undefined);
    if (isWhole) this.#options.watcher?.listed(list);
    return list;
  }

  /**
   * Starts a job in the first of its forms that the server knows. A refusal may take 25 s; `needs-newer-server` where only the
   * new form can say it and the server does not know that. `ignored`: what of the request the server did not understand.
   */
  startEgress(forms: EgressForms, signal?: AbortSignal): Promise<StartedEgress> {
    const start = (): Promise<StartedEgress> => this.#startOne(forms, signal);
    return this.#watched(kindOfStart(forms), signal, ({ snapshot }: StartedEgress) => snapshot, start);
  }
  #startOne(forms: EgressForms, signal?: AbortSignal): Promise<StartedEgress> {
    return this.#calls.start(forms, async (form) => {
      const text = await this.#egress(form.method, form.body, startLimitMs, signal, false);
      const snapshot = readAnswer(parseEgressInfo, text);
      const ignored = ignoredFields(form, parseJson(text));
      if (ignored.length > 0)
        this.#options.log.warn('The server ignored parts of a request', { ignored: ignored.join() });
      if (form.body['preset'] !== 'PASSTHROUGH' || !ignored.includes('preset')) return { snapshot, ignored };
      // It records, but not the track as it comes: what nobody asked for ends at once.
      await this.stopEgress(snapshot.egressId, signal);
      throw needsNewerServer();
    });
  }
  /** Sends the sound of one track to a WebSocket: 48 kHz stereo, about 2.9 s late (measured). */
  startTrackEgress(
    start: { readonly roomName: string; readonly trackSid: string; readonly websocketUrl: string },
    signal?: AbortSignal,
  ): Promise<EgressSnapshot> {
    const body = { room_name: start.roomName, track_id: start.trackSid, websocket_url: start.websocketUrl };
    return this.#watched(
      'track',
      signal,
      (snapshot: EgressSnapshot) => snapshot,
      async () =>
        readAnswer(parseEgressInfo, await this.#egress('StartTrackEgress', body, startLimitMs, signal, false)),
    );
  }

  /**
   * Adds and removes addresses of a running stream, in this order. Raw addresses: a shortened one is not found. An address
   * that is there already must not be added again: the server takes it twice and loses the first. An added one is `active`
   * in the answer before it is connected.
   */
  async updateStream(
    change: { readonly egressId: string; readonly addUrls: readonly string[]; readonly removeUrls: readonly string[] },
    signal?: AbortSignal,
  ): Promise<EgressSnapshot> {
    const body = {
      egress_id: change.egressId,
      add_output_urls: change.addUrls,
      remove_output_urls: change.removeUrls,
    };
    return readAnswer(parseEgressInfo, await this.#egress('UpdateStream', body, controlLimitMs, signal, false));
  }
  /** Tells the page of a job another layout; the stock template of egress does not listen, and the answer does not tell. */
  async updateLayout(egressId: string, layout: string, signal?: AbortSignal): Promise<EgressSnapshot> {
    const body = { egress_id: egressId, layout };
    return readAnswer(parseEgressInfo, await this.#egress('UpdateLayout', body, controlLimitMs, signal, true));
  }

  /** Asks a job to stop. Null where it was over already or is not known: a stop twice is harmless. */
  async stopEgress(egressId: string, signal?: AbortSignal): Promise<EgressSnapshot | null> {
    this.#options.watcher?.stopAsked(egressId);
    try {
      return readAnswer(
        parseEgressInfo,
        await this.#egress('StopEgress', { egress_id: egressId }, controlLimitMs, signal, true),
      );
    } catch (error) {
      if (error instanceof ProblemError && (error.code === 'egress-over' || error.code === 'no-such-egress'))
        return null;
      throw error;
    }
  }

  /** The address and token with which our hidden listener joins a room. */
  listenerTicket(roomName: string, identity: string): { readonly url: string; readonly token: string } {
    const token = signListenerToken(this.#options, { roomName, identity }, this.#options.clock.nowMs());
    return { url: this.endpoint.joinUrl, token };
  }

  /** A token and a link with which somebody else joins a room. Both are secrets. */
  joinLink(order: JoinOrder): JoinLink {
    return makeJoinLink(this.#options, this.endpoint, order, this.#options.clock.nowMs());
  }

  close(): Promise<void> {
    this.#twirp.close();
    return Promise.resolve();
  }

  async #watched<T>(
    kind: string,
    signal: AbortSignal | undefined,
    snapshotOf: (started: T) => EgressSnapshot,
    start: () => Promise<T>,
  ): Promise<T> {
    const watch = this.#options.watcher?.startAsked(kind);
    try {
      const started = await start();
      watch?.began(snapshotOf(started));
      return started;
    } catch (error) {
      if (!signal?.aborted) watch?.refused(problemOf(error)); // called off is not refused
      throw error;
    }
  }
  #egress(
    method: string,
    body: TwirpCall['body'],
    limitMs: number,
    signal: AbortSignal | undefined,
    isRepeatable: boolean,
  ): Promise<string> {
    return this.#twirp.call({
      service: 'Egress',
      method,
      grants: { roomRecord: true },
      body,
      limitMs,
      isRepeatable,
      signal,
    });
  }
  #room(
    method: string,
    grants: TwirpCall['grants'],
    body: TwirpCall['body'],
    limitMs: number,
    signal?: AbortSignal,
  ): Promise<string> {
    return this.#twirp.call({ service: 'RoomService', method, grants, body, limitMs, isRepeatable: true, signal });
  }
}
