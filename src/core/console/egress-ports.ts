import type { EgressPort } from '../jobs/ports.ts';
import type { EgressCalls } from '../feeds/track-socket/calls.ts';
import { egressForms } from '../livekit/egress-request/egress-forms.ts';
import { secretsOf, type RequestBooks } from './request-secrets.ts';
import type { ServerAccess } from './server-access.ts';

/** Egress of one server, as the jobs need it. */
export function jobEgress(access: ServerAccess, serverId: string, books: RequestBooks): EgressPort {
  return {
    async start(roomName, request, signal) {
      const forms = egressForms(roomName, request, await secretsOf(request, books));
      return (await access.api(serverId)).startEgress(forms, signal);
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
