/**
 * The cast as a program of its own: what joins rooms leaks a little and keeps its process alive, so it gets one.
 * Takes its task from CUEDESK_CAST (JSON), says `{"type":"ready"}` to its parent when everybody has joined, and ends on
 * SIGTERM or when the parent goes.
 */
import { z } from 'zod';

// Before the client is loaded: it prints a line of debug JSON to stdout for every join otherwise.
Object.assign(process.env, { NODE_ENV: 'production' });

const Task = z.strictObject({
  scene: z.string(),
  seed: z.number().int(),
  startedAtMs: z.number(),
  url: z.string(),
  apiKey: z.string(),
  apiSecret: z.string(),
  rooms: z.array(z.string()).optional(),
});
const task = Task.parse(JSON.parse(process.env['CUEDESK_CAST'] ?? 'null'));
delete process.env['CUEDESK_CAST'];

const { dispose } = await import('@livekit/rtc-node');
const { openCast } = await import('./cast/cast.ts');
const { openShow } = await import('./scene/show.ts');
const { rooms, scene, seed, startedAtMs, ...server } = task;
const cast = await openCast({
  ...server,
  ...(rooms ? { rooms } : {}),
  show: openShow(scene, { startedAtMs, seed }),
  // The client's errors may hold a token, so only whose they are is told.
  onProblem: (identity) => process.stderr.write(`cast: ${identity} met a problem\n`),
});

let isEnding = false;
function end(): void {
  if (isEnding) return;
  isEnding = true;
  void cast
    .close()
    .then(() => dispose())
    .then(() => process.exit(0));
}
process.once('SIGTERM', end);
process.once('disconnect', end);
process.send?.({ type: 'ready' });
