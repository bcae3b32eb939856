import { z } from 'zod';
import { call, stateFeed } from '../rpc/contract.ts';

export const DrillId = z.enum([
  'refuse-429',
  'refuse-503',
  'hang-starting',
  'hang-ending',
  'unheard-stop',
  'kill-job',
  'orphan',
  'session-limit',
  'black-picture',
  'silent-rooms',
  'hang-running',
  'show-receivers',
  'drop-destination',
  'freeze-destination',
  'refuse-storage',
  'backup-storage',
  'no-v2',
  'drop-feed',
  'drop-transcriber',
]);
export type DrillId = z.infer<typeof DrillId>;

export const rehearsal = {
  rehearsal: stateFeed(
    z.object({}),
    z.object({
      /** False where the console was started without it. */
      isRunning: z.boolean(),
      serverId: z.string().nullable(),
      scene: z.string().nullable(),
      drills: z.array(
        z.object({
          id: DrillId,
          label: z.string(),
          /** What the producer should see of it. */
          expect: z.string(),
          isArmed: z.boolean(),
          /** What must be there first; null: it can run now. */
          needs: z.string().nullable(),
        }),
      ),
    }),
  ),
  runDrill: call(z.object({ id: DrillId }), z.object({ text: z.string() })),
};
