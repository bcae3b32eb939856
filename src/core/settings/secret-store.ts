import { ProblemError } from '../../shared/model/problem-error.ts';
import type { Protection } from '../../shared/model/server.ts';
import { secretHint } from '../../shared/text/redact.ts';
import type { SecretBox } from '../host-services.ts';
import type { JsonFile } from './json-file.ts';
import type { StoredSecrets } from './stored.ts';

export type Keep = 'stored' | 'this-run';

/** Secrets by name: sealed by the host into a file, or in memory for this run. They leave it to parts of the core only. */
export class SecretStore {
  readonly #file: JsonFile<StoredSecrets>;
  readonly #box: SecretBox;
  /** Those of this run, and stored ones that were opened: opening one may take 0.4 s. */
  readonly #open = new Map<string, string>();
  constructor(file: JsonFile<StoredSecrets>, box: SecretBox) {
    this.#file = file;
    this.#box = box;
  }

  /** What the page may see of a secret; null where none is kept. */
  twin(name: string): { readonly hint: string; readonly protection: Protection } | null {
    const stored = this.#stored(name);
    if (stored) return { hint: stored.hint, protection: stored.protection };
    const text = this.#open.get(name);
    return text === undefined ? null : { hint: secretHint(text), protection: 'this-run' };
  }

  /** Null where none is kept. Rejects with a ProblemError where the box cannot open it. */
  async get(name: string): Promise<string | null> {
    const known = this.#open.get(name);
    if (known !== undefined) return known;
    const stored = this.#stored(name);
    if (!stored) return null;
    const text = await this.#box.unseal(Buffer.from(stored.sealed, 'base64'));
    this.#open.set(name, text);
    return text;
  }

  async put(name: string, text: string, keep: Keep): Promise<void> {
    if (keep === 'stored') {
      const sealed = Buffer.from(await this.#box.seal(text)).toString('base64');
      const entry = { sealed, hint: secretHint(text), protection: this.#box.protection };
      await this.#file.update((file) => ({ ...file, secrets: { ...file.secrets, [name]: entry } }));
    } else await this.#forget(name);
    this.#open.set(name, text);
  }

  /** Keeps a secret that is known already in the other way. */
  async move(name: string, keep: Keep): Promise<void> {
    const isStored = this.#stored(name) !== undefined;
    if (isStored === (keep === 'stored')) return;
    const text = await this.get(name);
    if (text === null) throw noSecret();
    await this.put(name, text, keep);
  }

  async remove(name: string): Promise<void> {
    this.#open.delete(name);
    await this.#forget(name);
  }

  #stored(name: string): StoredSecrets['secrets'][string] | undefined {
    const { secrets } = this.#file.value;
    return Object.hasOwn(secrets, name) ? secrets[name] : undefined;
  }
  async #forget(name: string): Promise<void> {
    if (!this.#stored(name)) return;
    await this.#file.update((file) => ({
      ...file,
      secrets: Object.fromEntries(Object.entries(file.secrets).filter(([other]) => other !== name)),
    }));
  }
}

export const noSecret = (): ProblemError =>
  new ProblemError({
    code: 'no-secret',
    fault: 'yours',
    retryable: false,
    text: 'The API secret is missing.',
    advice: 'Enter it; it may have been kept for an earlier run only.',
  });
