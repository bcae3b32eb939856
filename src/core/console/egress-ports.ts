import type { EgressPort } from '../jobs/ports.ts';
import type { EgressCalls } from '../feeds/track-socket/calls.ts';
import { outputsOf } from '../../shared/model/job-request.ts';
import { ProblemError } from '../../shared/model/problem-error.ts';
import type { ServerAccess } from './server-access.ts';

/** Egress of one server, as the jobs need it. */
export function jobEgress(access: ServerAccess, serverId: string): EgressPort {
  return {
    async start(roomName, request, signal) {
      const api = await access.api(serverId);
      const file = outputsOf(request)?.file;
      if (request.kind === 'room-composite' && file)
        return api.startEgress(
          {
            v1: {
              method: 'StartRoomCompositeEgress',
              body: {
                room_name: roomName,
                layout: request.layout,
                file_outputs: [{ file_type: 'MP4', filepath: file.filePath }],
              },
            },
          },
          signal,
        );
      throw new ProblemError({
        code: 'not-by-egress',
        fault: 'ours',
        retryable: false,
        text: 'Egress does not record this kind.',
      });
    },
    stop: async (egressId, signal) => (await access.api(serverId)).stopEgress(egressId, signal),
    list: async (signal) => (await access.api(serverId)).listEgress({}, signal),
  };
}

/** Egress of one server, as the track-socket feed needs it. */
export function feedEgress(access: ServerAccess, serverId: string): EgressCalls {
  return {
    async startTrackEgress({ roomName, trackSid, url }, signal) {
      const api = await access.api(serverId);
      return api.startTrackEgress({ roomName, trackSid, websocketUrl: url }, signal);
    },
    stopEgress: async (egressId) => (await access.api(serverId)).stopEgress(egressId),
    async egressStartedAtMs(egressId) {
      const list = await (await access.api(serverId)).listEgress();
      const found = list.find((item) => item.egressId === egressId);
      return found && found.status !== 'starting' ? found.mediaStartedAtMs : null;
    },
  };
}
