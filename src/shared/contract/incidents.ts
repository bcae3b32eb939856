import { z } from 'zod';
import { Incident } from '../model/incident.ts';
import { stateFeed } from '../rpc/contract.ts';

export const incidents = {
  /** Newest first, at most 500. */
  incidents: stateFeed(z.object({}), z.object({ incidents: z.array(Incident) })),
};
