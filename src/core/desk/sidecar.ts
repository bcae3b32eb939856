import { rename, unlink, writeFile } from 'node:fs/promises';
import { z } from 'zod';

export const sidecarSuffix = '.recording.json';

/** What lies beside the files of a recording while it runs, so that the next start can tell what they are. */
export const SidecarContent = z.object({
  version: z.literal(1),
  jobId: z.string().max(200),
  /** The process that writes them. */
  pid: z.number().int(),
  startedAtMs: z.number(),
  files: z
    .array(z.object({ name: z.string().min(1).max(255), identity: z.string().max(1_000).nullable() }))
    .max(10_000),
});
export type SidecarContent = z.infer<typeof SidecarContent>;

/** Keeps the sidecar of one recording. Writes are in order and whole: a reader never sees half of one. */
export class Sidecar {
  readonly path: string;
  readonly #onError: (error: unknown) => void;
  #newest: SidecarContent | null = null;
  #writing: Promise<void> | null = null;

  constructor(path: string, onError: (error: unknown) => void) {
    this.path = path;
    this.#onError = onError;
  }

  save(content: SidecarContent): void {
    this.#newest = content;
    this.#writing ??= this.#write();
  }

  /** The recording is whole: nothing is to be repaired. */
  async remove(): Promise<void> {
    await this.#writing;
    await unlink(this.path).catch((error: unknown) => this.#onError(error));
  }

  async #write(): Promise<void> {
    while (this.#newest) {
      const content = this.#newest;
      this.#newest = null;
      try {
        await writeFile(`${this.path}.new`, JSON.stringify(content));
        await rename(`${this.path}.new`, this.path);
      } catch (error) {
        this.#onError(error);
      }
    }
    this.#writing = null;
  }
}
