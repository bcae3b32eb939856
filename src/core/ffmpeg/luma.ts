import { withDeadline } from '../live/deadline.ts';
import { startProcess } from '../live/process.ts';

const limitMs = 10_000;
/** Small enough to be cheap, large enough that two in a hundred points are still a logo. */
const size = { width: 160, height: 90 };

/** The brightness of a JPEG, 0 to 255 a point, scaled down. Rejects where ffmpeg cannot read it. */
export async function lumaOf(ffmpegPath: string, jpeg: Buffer, signal: AbortSignal): Promise<Uint8Array> {
  const graph = `scale=${size.width}:${size.height}:flags=area,format=gray`;
  const child = startProcess({
    file: ffmpegPath,
    args: `-hide_banner -loglevel error -threads 1 -f jpeg_pipe -i pipe:0 -frames:v 1 -vf ${graph} -f rawvideo pipe:1`.split(
      ' ',
    ),
    stdin: 'pipe',
    stdout: 'pipe',
    ask: 'SIGTERM',
    graceMs: 1_000,
  });
  const parts: Buffer[] = [];
  child.stdout?.on('data', (part: Buffer) => parts.push(part));
  child.stdin?.end(jpeg);
  try {
    const { code, error, lastLines } = await withDeadline('ffmpeg', limitMs, signal, () => child.exited);
    const luma = Buffer.concat(parts);
    if (error) throw error;
    if (code === 0 && luma.length === size.width * size.height) return luma;
    throw new Error(`ffmpeg could not read a picture: ${lastLines.at(-1) ?? `it ended with ${code}`}`);
  } finally {
    await child.close();
  }
}
