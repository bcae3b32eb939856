import { locateFfmpeg, probeFfmpeg, type Ffmpeg } from '../ffmpeg/locate.ts';
import type { Log } from '../live/log.ts';

/** ffmpeg as it is on this computer, or why it is not, in a sentence. Never rejects. */
export async function findFfmpeg(
  log: Log,
): Promise<{ readonly found: Ffmpeg | null; readonly problem: string | null }> {
  const path = locateFfmpeg();
  if (!path) {
    const named = process.env['FFMPEG_PATH'];
    const problem = named
      ? `FFMPEG_PATH names ${named}, and no program is there.`
      : 'ffmpeg was not found: install it, or set FFMPEG_PATH.';
    return { found: null, problem };
  }
  try {
    return { found: await probeFfmpeg(path), problem: null };
  } catch (error) {
    log.warn('ffmpeg does not run', { path, reason: error instanceof Error ? error.message : 'unknown' });
    return { found: null, problem: `The ffmpeg at ${path} does not run.` };
  }
}
