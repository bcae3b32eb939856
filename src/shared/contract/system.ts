import { z } from 'zod';
import { UnixMs } from '../model/common.ts';
import { call, stateFeed } from '../rpc/contract.ts';

export const SystemState = z.object({
  /** Share of one core that this process used over the last seconds, in percent; measured. */
  appCpuPercent: z.number(),
  /** Free bytes where recordings go, and how long that lasts at the present rate; null where nothing is written. */
  diskFreeBytes: z.number().nullable(),
  diskLastsMs: z.number().nullable(),
  nowMs: UnixMs,
});
export type SystemState = z.infer<typeof SystemState>;

export const system = {
  systemInfo: call(
    z.object({}),
    z.object({
      host: z.enum(['electron', 'headless']),
      version: z.string(),
      versions: z.record(z.string(), z.string()),
      ffmpeg: z
        .object({ path: z.string(), version: z.string(), abilities: z.record(z.string(), z.boolean()) })
        .nullable(),
      /** Why ffmpeg is missing, in a sentence, where it is. */
      ffmpegProblem: z.string().nullable(),
      dataFolder: z.string(),
      logsFolder: z.string(),
    }),
  ),
  system: stateFeed(z.object({}), SystemState),
  revealLogs: call(z.object({}), z.null()),
  /** One zip for somebody who helps, without secrets and without what was said; refused in words where it cannot be written. */
  saveSupportBundle: call(
    z.object({}),
    z.object({ fileName: z.string(), path: z.string(), sizeBytes: z.number().int() }),
  ),
  revealSupportBundle: call(z.object({ fileName: z.string().regex(/^cuedesk support [\dT-]+\.zip$/) }), z.null()),
};
