import type { EgressPort } from '../jobs/ports.ts';
import { ProblemError } from '../../shared/model/problem-error.ts';
import type { EgressCalls } from '../feeds/track-socket/calls.ts';
import { egressForms } from '../livekit/egress-request/egress-forms.ts';
import type { Incidents } from '../observe/incidents.ts';
import type { AddressBook } from '../settings/address-book.ts';
import type { ServerBook } from '../settings/server-book.ts';
import type { StorageBook } from '../settings/storage-book.ts';
import { tellOfIgnored } from './job-incidents.ts';
import { requestBooks, secretsOf } from './request-secrets.ts';
import type { ServerAccess } from './server-access.ts';

/** Egress by server, as the jobs need it; null for a server that is not known. */
export function jobEgress(parts: {
  readonly servers: ServerBook;
  readonly access: ServerAccess;
  readonly addresses: AddressBook;
  readonly storages: StorageBook;
  readonly incidents: Incidents;
}): (serverId: string) => EgressPort | null {
  return (serverId) => {
    const server = parts.servers.find(serverId);
    if (!server) return null;
    const { access } = parts;
    const books = requestBooks(parts, server.kind === 'rehearsal');
    return {
      async start(roomName, request, signal) {
        const api = await access.api(serverId);
        // Without redis a start is refused after 20 to 25 s in words that do not say why; the list is, at once, in words that do.
        if (parts.servers.find(serverId)?.egress === 'absent') await api.listEgress({}, signal);
        const forms = egressForms(roomName, request, await secretsOf(request, books));
        const { snapshot, ignored } = await api.startEgress(forms, signal);
        if (ignored.length > 0) tellOfIgnored(parts.incidents, { serverId, roomName }, ignored);
        return snapshot;
      },
      streamUrl: async ({ addressId, url }) => {
        const id = addressId ?? parts.addresses.likeOne(url);
        const raw = id === null ? null : await books.address(id);
        if (raw !== null) return raw;
        throw addressUnknown();
      },
      updateStream: async (egressId, change, signal) =>
        (await access.api(serverId)).updateStream({ egressId, ...change }, signal),
      updateLayout: async (egressId, layout, signal) =>
        (await access.api(serverId)).updateLayout(egressId, layout, signal),
      stop: async (egressId, signal) => (await access.api(serverId)).stopEgress(egressId, signal),
      list: async (signal) => (await access.api(serverId)).listEgress({}, signal),
    };
  };
}

const addressUnknown = (): ProblemError =>
  new ProblemError({
    code: 'address-unknown',
    fault: 'yours',
    retryable: false,
    text: 'This destination was added elsewhere: its whole address is not known here, and without it LiveKit does not find it.',
    advice: 'Put its address into the address book, or stop the job.',
  });

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
