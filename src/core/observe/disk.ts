import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Free bytes for this user where `folder` is or will be; null where that cannot be told. */
export async function freeBytesOf(folder: string): Promise<number | null> {
  for (let path = folder; ; path = dirname(path)) {
    try {
      const { bavail, bsize } = await statfs(path);
      return bavail * bsize;
    } catch (error) {
      const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
      if (!isMissing || dirname(path) === path) return null; // an unknown figure is shown as unknown
    }
  }
}

interface Sample {
  readonly atMs: number;
  readonly count: number;
}

/** The rate of a counter over the last seconds. Pure but for its memory. */
export class Rate {
  readonly #windowMs: number;
  #samples: readonly Sample[] = [];
  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }
  /** Counts a second; null before there are two samples, and where it did not rise. */
  add(sample: Sample): number | null {
    const last = this.#samples.at(-1);
    if (last && sample.count < last.count) this.#samples = []; // the counter began anew
    this.#samples = [...this.#samples.filter((one) => one.atMs >= sample.atMs - this.#windowMs), sample];
    const first = this.#samples[0];
    if (!first || sample.atMs <= first.atMs || sample.count <= first.count) return null;
    return ((sample.count - first.count) * 1000) / (sample.atMs - first.atMs);
  }
}
