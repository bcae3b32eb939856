import { imageName, newestImageName } from '../../shared/text/image-name.ts';
import { found, type Found } from './found.ts';
import { sampleOf } from './sample.ts';

/** A set of images as egress tells of it: how their names begin, and how many there are. */
export interface ToldImages {
  readonly prefix: string;
  readonly suffix: 'index' | 'timestamp' | 'overwrite';
  readonly count: number;
}

/** Looks for the images that egress told of. Rejects as `isThere` does. */
export async function lookUpImages(
  { prefix, suffix, count }: ToldImages,
  isThere: (name: string) => Promise<boolean>,
): Promise<Found> {
  if (suffix === 'timestamp') return found('unknown', 'not looked for: their names hold times that only egress knows');
  if (count === 0) return found('there', 'none were made');
  if (suffix === 'overwrite')
    return (await isThere(newestImageName(prefix)))
      ? found('there', 'there, the newest of them')
      : found('missing', 'not in the storage');
  const names = Array.from({ length: count }, (_value, number) => imageName(prefix, number));
  const { looked, marks, of } = await sampleOf(names, isThere);
  const gone = looked.filter((_name, index) => !marks[index]);
  if (gone.length === looked.length) return found('missing', 'not in the storage');
  if (gone.length > 0)
    return found('missing', `there, but for ${gone.length} of the images (${of}), the first of them ${gone[0]}`);
  return found('there', `there, all of them (${of})`);
}
