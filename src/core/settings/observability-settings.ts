import type { Observability } from '../../shared/contract/observability.ts';
import { ProblemError } from '../../shared/model/problem-error.ts';
import { StateCell } from '../live/state-cell.ts';
import type { JsonFile } from './json-file.ts';
import type { Keep, SecretStore } from './secret-store.ts';
import type { StoredSettings } from './stored.ts';

/** What was set of the figures for monitors; the token only as a hint. */
export type ObservabilityChoice = Omit<Observability, 'url' | 'problem'>;
export type ObservabilityChange = {
  readonly [K in 'isOn' | 'port' | 'isOpen']?: ObservabilityChoice[K] | undefined;
};

const tokenName = 'observability-token';

/** Whether, where and to whom figures are served; the token is among the secrets. */
export class ObservabilitySettings {
  readonly choice: StateCell<ObservabilityChoice>;
  readonly #file: JsonFile<StoredSettings>;
  readonly #secrets: SecretStore;
  constructor({ file, secrets }: { readonly file: JsonFile<StoredSettings>; readonly secrets: SecretStore }) {
    this.#file = file;
    this.#secrets = secrets;
    this.choice = new StateCell(this.#view());
  }

  /** Rejects with a ProblemError (`needs-token`) where it would be open to everybody. */
  async change(change: ObservabilityChange): Promise<void> {
    if (change.isOpen === true && this.#secrets.twin(tokenName) === null) throw needsToken();
    const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
    await this.#file.update((settings) => ({ ...settings, observability: { ...settings.observability, ...given } }));
    this.choice.set(this.#view());
  }
  async saveToken(token: string, keep: Keep): Promise<void> {
    await this.#secrets.put(tokenName, token, keep);
    this.choice.set(this.#view());
  }
  /** For the core alone; null where none is kept. Rejects with a ProblemError where the box cannot open it. */
  token(): Promise<string | null> {
    return this.#secrets.get(tokenName);
  }

  #view(): ObservabilityChoice {
    const twin = this.#secrets.twin(tokenName);
    return {
      ...this.#file.value.observability,
      tokenHint: twin?.hint ?? null,
      protection: twin?.protection ?? null,
    };
  }
}

/** It is open to other computers, and there is no token that they could be asked for. */
export const needsToken = (): ProblemError =>
  new ProblemError({
    code: 'needs-token',
    fault: 'yours',
    retryable: false,
    text: 'Other computers may ask only with a token, and none is kept.',
    advice: 'Enter a token first; it may have been kept for an earlier run only.',
  });
