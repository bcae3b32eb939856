import { z } from 'zod';
import { Incident } from '../model/incident.ts';
import { call, stateFeed } from '../rpc/contract.ts';

export const incidents = {
  /** Newest first, at most 500. */
  incidents: stateFeed(z.object({}), z.object({ incidents: z.array(Incident) })),
  /** The producer has seen a trouble: it leaves the alarm and stays in the list. Harmless where it is over already. */
  closeIncident: call(z.object({ incidentId: z.string() }), z.null()),
};
