import { outputsOf } from '../../../shared/model/job-request.ts';
import { imageName, newestImageName } from '../../../shared/text/image-name.ts';
import type { JobState } from '../job-state.ts';

/** Something that a running job adds to while it runs, as it can be looked for. */
export interface GrowingOutput {
  readonly what: 'segment' | 'image';
  readonly everyMs: number;
  /** Null: where the worker is set to store. */
  readonly storageId: string | null;
  /** The name of one that is written over, or of each by its number: 0, 1, 2 ... without a hole. */
  readonly name: string | ((number: number) => string);
}

/**
 * Egress tells how names begin (measured: `i_00000.jpeg` is the first image), and how many there are only when it tells
 * something else anyway (measured): so the storage is asked. An image with a time in its name cannot be looked for.
 */
export function growingOutputs({ egress, request }: JobState): readonly GrowingOutput[] {
  const asked = outputsOf(request);
  if (egress.at !== 'active' || !asked) return [];
  const { segments, images } = egress.results;
  const playlist = segments[0]?.playlistName ?? '';
  const growing: GrowingOutput[] = [];
  if (asked.segments && playlist !== '') {
    const { segmentDurationS, storageId } = asked.segments;
    growing.push({ what: 'segment', everyMs: segmentDurationS * 1_000, storageId, name: playlist });
  }
  const at = asked.images.findIndex(({ filenameSuffix }) => filenameSuffix !== 'timestamp');
  const [image, prefix] = [asked.images[at], images[at]?.filenamePrefix];
  if (image && prefix !== undefined && prefix !== '') {
    const { captureIntervalS, filenameSuffix, storageId } = image;
    const name =
      filenameSuffix === 'overwrite' ? newestImageName(prefix) : (number: number): string => imageName(prefix, number);
    growing.push({ what: 'image', everyMs: captureIntervalS * 1_000, storageId, name });
  }
  return growing;
}

/** The highest number that is there, from one that is known on; null where that is not there. Few questions for many numbers. */
export async function newestNumber(
  from: number,
  isThere: (number: number) => Promise<boolean>,
): Promise<number | null> {
  if (!(await isThere(from))) return null;
  let [known, step] = [from, 1];
  while (await isThere(known + step)) [known, step] = [known + step, step * 2];
  let missing = known + step;
  while (missing - known > 1) {
    const middle = Math.floor((known + missing) / 2);
    if (await isThere(middle)) known = middle;
    else missing = middle;
  }
  return known;
}

/** Black as it is stored: 0, or 16 where the range was not widened; a coder's noise adds some. */
const darkLuma = 20;
/** As ffmpeg's own `blackframe`: a black picture may carry a clock or a logo. */
const blackShare = 0.98;

/** Whether a picture is black, by the brightness of its points, 0 to 255. */
export function isBlack(luma: Uint8Array): boolean {
  const dark = luma.reduce((count, value) => (value <= darkLuma ? count + 1 : count), 0);
  return luma.length > 0 && dark >= blackShare * luma.length;
}
