import {
  ListEgressRequest,
  ListEgressResponse,
  ParticipantEgressRequest,
  RoomCompositeEgressRequest,
  StartEgressRequest,
  StopEgressRequest,
  TrackCompositeEgressRequest,
  TrackEgressRequest,
  UpdateLayoutRequest,
  UpdateStreamRequest,
  WebEgressRequest,
} from '@livekit/protocol';
import { type EgressInfo, EgressStatus, type ParticipantInfo, TrackType } from '@livekit/protocol';
import { planStart, type StartRequest, type TrackTypes } from '../egress/plan.ts';
import type { EgressSimulator } from '../egress/simulator.ts';
import { rpc, type Service } from './rpc.ts';
import type { Grants } from './token.ts';
import {
  noHandler,
  noRedis,
  noResponse,
  noSuchEgress,
  noSuchParticipant,
  noSuchRoom,
  TwirpError,
} from './twirp-error.ts';

/** What the egress service asks of the rest. */
export interface EgressBackend {
  /** Null: a server without redis, hence without egress. */
  readonly simulator: EgressSimulator | null;
  readonly limit: number;
  /** False: an older server, which does not know `StartEgress` yet. */
  readonly hasV2: () => boolean;
  people(room: string): Promise<readonly ParticipantInfo[]>;
  /** The sid of a live room; null where there is none. */
  roomSid(name: string): Promise<string | null>;
  /** Writes the metadata of a recorder; false where it is not in the room. */
  setLayout(room: string, egressId: string, metadata: string): boolean;
  /** A drill that is armed for the next Start; taking it disarms it. */
  takeRefusal(): 429 | 503 | null;
  /** The measured pauses before a refusal: no worker answers a Start; nobody handles a control call. */
  noWorker(): Promise<void>;
  noHandler(): Promise<void>;
}

/** How every Start goes, whoever asks for it. Throws the TwirpError of a refusal. */
export function startOn(backend: EgressBackend): (request: StartRequest) => Promise<EgressInfo> {
  return async (request) => {
    const name = request.kind === 'web' ? '' : request.value.roomName;
    const sid = name === '' ? '' : await backend.roomSid(name);
    if (sid === null) throw noSuchRoom();
    const refusal = backend.simulator ? backend.takeRefusal() : 503;
    if (refusal === 503 || !backend.simulator) {
      await backend.noWorker();
      throw noResponse();
    }
    if (refusal === 429 || backend.simulator.runningCount >= backend.limit) {
      throw new TwirpError('resource_exhausted', 'concurrent egress sessions limit exceeded');
    }
    const tracks = name === '' ? [] : (await backend.people(name)).flatMap((person) => person.tracks);
    const typeOf: TrackTypes = (trackSid) => {
      const track = tracks.find((one) => one.sid === trackSid);
      return track && (track.type === TrackType.AUDIO ? 'audio' : 'video');
    };
    return backend.simulator.start(planStart(request, typeOf), { name, sid });
  };
}

/** The egress service, v1 and v2. */
export function egressService(backend: EgressBackend): Service {
  const mayRecord = (grants: Grants): boolean => grants.roomRecord === true;

  const start = startOn(backend);
  const simulator = (): EgressSimulator => {
    if (!backend.simulator) throw noRedis();
    return backend.simulator;
  };
  const simulatorAfterPause = async (): Promise<EgressSimulator> => {
    if (!backend.simulator) await backend.noHandler();
    return simulator();
  };

  return {
    StartRoomCompositeEgress: rpc(RoomCompositeEgressRequest, mayRecord, (value) =>
      start({ kind: 'roomComposite', value: tidied(value) }),
    ),
    StartWebEgress: rpc(WebEgressRequest, mayRecord, (value) => start({ kind: 'web', value: tidied(value) })),
    StartParticipantEgress: rpc(ParticipantEgressRequest, mayRecord, (value) =>
      start({ kind: 'participant', value: tidied(value) }),
    ),
    StartTrackCompositeEgress: rpc(TrackCompositeEgressRequest, mayRecord, (value) =>
      start({ kind: 'trackComposite', value: tidied(value) }),
    ),
    StartTrackEgress: rpc(TrackEgressRequest, mayRecord, (value) => start({ kind: 'track', value })),
    StartEgress: rpc(StartEgressRequest, mayRecord, (value) => {
      if (!backend.hasV2()) throw noHandler('/twirp/livekit.Egress/StartEgress');
      return start({ kind: 'egress', value });
    }),
    ListEgress: rpc(ListEgressRequest, mayRecord, ({ roomName, egressId, active }) => {
      if (egressId !== '') {
        const info = simulator().find(egressId);
        if (!info) throw noSuchEgress();
        return new ListEgressResponse({ items: [info] });
      }
      const items = simulator()
        .list()
        .filter((info) => roomName === '' || info.roomName === roomName)
        .filter((info) => !active || info.status < EgressStatus.EGRESS_COMPLETE);
      return new ListEgressResponse({ items });
    }),
    StopEgress: rpc(StopEgressRequest, mayRecord, async ({ egressId }) => (await simulatorAfterPause()).stop(egressId)),
    UpdateStream: rpc(UpdateStreamRequest, mayRecord, async ({ egressId, addOutputUrls, removeOutputUrls }) =>
      (await simulatorAfterPause()).updateStream(egressId, addOutputUrls, removeOutputUrls),
    ),
    UpdateLayout: rpc(UpdateLayoutRequest, mayRecord, ({ egressId, layout }) => {
      const info = simulator().find(egressId);
      if (!info) throw noSuchEgress();
      if (!backend.setLayout(info.roomName, egressId, JSON.stringify({ layout }))) throw noSuchParticipant();
      return info;
    }),
  };
}

/** An unknown preset leaves its oneof half set in the JavaScript library; for Go it was never there. */
function tidied<T extends { options: { case?: string | undefined; value?: unknown } }>(request: T): T {
  if (request.options.case !== undefined && request.options.value === undefined) {
    (request as { options: { case: undefined; value?: undefined } }).options = { case: undefined };
  }
  return request;
}
