import {
  type AutoParticipantEgress,
  type AutoTrackEgress,
  DirectFileOutput,
  ParticipantEgressRequest,
  type RoomEgress,
  TrackEgressRequest,
} from '@livekit/protocol';
import type { StartRequest } from '../egress/plan.ts';
import type { RoomChange } from './rooms.ts';

/** Auto egress as livekit-server runs it: fixed when a room is made, told to nobody, read back by nobody. */
export interface AutoEgress {
  /** A room was newly made with these. Settles when the composite of the room has started, or was refused. */
  roomCreated(room: string, egress: RoomEgress): Promise<void>;
  /** People and tracks as they come: what the room was made for is started. */
  changed(change: RoomChange): void;
}

interface Plans {
  readonly tracks: AutoTrackEgress | undefined;
  readonly participant: AutoParticipantEgress | undefined;
  /** Whose egress has been started: once a session. */
  readonly recorded: Set<string>;
}

/** `start` is the way of every other request; its refusals are silent here, as they are there. */
export function openAutoEgress(start: (request: StartRequest) => Promise<unknown>): AutoEgress {
  const rooms = new Map<string, Plans>();
  const attempt = (request: StartRequest): Promise<void> =>
    start(request).then(
      () => {},
      () => {}, // measured: nothing is said of it, the room is there without egress
    );
  return {
    roomCreated: async (room, egress) => {
      const { tracks, participant } = egress;
      if (tracks || participant) rooms.set(room, { tracks, participant, recorded: new Set() });
      if (!egress.room) return;
      const value = egress.room.clone();
      value.roomName = room;
      await attempt({ kind: 'roomComposite', value });
    },
    changed: (change) => {
      const room = change.room.name;
      if (change.type === 'room_finished') return void rooms.delete(room);
      const plans = rooms.get(room);
      const identity = change.participant?.identity;
      if (!plans || identity === undefined) return;
      if (change.type === 'participant_left') plans.recorded.delete(identity);
      if (change.type !== 'track_published' || !change.track) return;
      if (plans.participant && !plans.recorded.has(identity)) {
        plans.recorded.add(identity);
        void attempt({ kind: 'participant', value: participantRequest(room, identity, plans.participant) });
      }
      if (plans.tracks) void attempt({ kind: 'track', value: trackRequest(room, change.track.sid, plans.tracks) });
    },
  };
}

function participantRequest(room: string, identity: string, plan: AutoParticipantEgress): ParticipantEgressRequest {
  return new ParticipantEgressRequest({
    roomName: room,
    identity,
    options: plan.options,
    fileOutputs: plan.fileOutputs,
    segmentOutputs: plan.segmentOutputs,
  });
}

/** In the source of the server: `disable_manifest` and AliOSS are dropped, and a path without a track's id gets one. */
function trackRequest(room: string, trackId: string, { filepath, output }: AutoTrackEgress): TrackEgressRequest {
  const dot = filepath.indexOf('.');
  const at = dot < 0 ? filepath.length : dot;
  const named = filepath.includes('{track_id}') ? filepath : `${filepath.slice(0, at)}-{track_id}${filepath.slice(at)}`;
  const file = new DirectFileOutput({
    filepath: named,
    output: output.case === 'aliOSS' ? { case: undefined } : output,
  });
  return new TrackEgressRequest({ roomName: room, trackId, output: { case: 'file', value: file } });
}
