import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { ProblemError } from '../../shared/model/problem-error.ts';
import type { Settings } from '../../shared/contract/settings.ts';
import type { RehearsalConnection } from '../host-services.ts';
import { makeFolder } from '../live/make-folder.ts';
import { StateCell } from '../live/state-cell.ts';
import type { JsonFile } from './json-file.ts';
import type { Keep, SecretStore } from './secret-store.ts';
import type { StoredSettings } from './stored.ts';

export interface SettingsStoreOptions {
  readonly file: JsonFile<StoredSettings>;
  readonly secrets: SecretStore;
  readonly defaultRecordingsFolder: string;
  readonly rehearsal: RehearsalConnection | null;
}
/** Where captions are made, and with which key. */
export interface GladiaAccess {
  readonly url: string;
  readonly region: 'eu-west' | 'us-west';
  readonly key: string;
}
export type SettingsChange = {
  readonly [K in 'theme' | 'screenShareMode' | 'recordingsFolder' | 'socketHost' | 'firstMinuteHidden' | 'panels']?:
    Settings[K] | undefined;
};

const gladiaUrl = 'https://api.gladia.io';
const gladiaSecret = 'gladia';

/** What the producer has set. The page sees it without secrets. */
export class SettingsStore {
  readonly settings: StateCell<Settings>;
  readonly #options: SettingsStoreOptions;
  constructor(options: SettingsStoreOptions) {
    this.#options = options;
    this.settings = new StateCell(this.#view());
  }

  /** Changes what is given and leaves the rest. A folder is made where it does not exist. Rejects with a ProblemError. */
  async change(change: SettingsChange): Promise<void> {
    if (change.recordingsFolder !== undefined) await needFolder(change.recordingsFolder);
    const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
    await this.#options.file.update((settings) => ({ ...settings, ...given }));
    this.settings.set(this.#view());
  }

  async saveGladiaKey(input: {
    readonly key: string;
    readonly region: GladiaAccess['region'];
    readonly keep: Keep;
  }): Promise<void> {
    await this.#options.secrets.put(gladiaSecret, input.key.trim(), input.keep);
    await this.#options.file.update((settings) => ({ ...settings, gladiaRegion: input.region }));
    this.settings.set(this.#view());
  }

  /** For the core alone. The rehearsal has a transcriber of its own. Rejects with a ProblemError (`no-gladia-key`). */
  async gladia(isRehearsal: boolean): Promise<GladiaAccess> {
    const { rehearsal, secrets, file } = this.#options;
    const region = file.value.gladiaRegion;
    if (isRehearsal && rehearsal) return { ...rehearsal.gladia, region };
    const key = await secrets.get(gladiaSecret);
    if (key !== null) return { url: gladiaUrl, region, key };
    throw new ProblemError({
      code: 'no-gladia-key',
      fault: 'yours',
      retryable: false,
      text: 'Captions need a Gladia key, and none is kept.',
      advice: 'Enter one in the settings.',
    });
  }

  #view(): Settings {
    const { file, secrets, defaultRecordingsFolder } = this.#options;
    const { theme, screenShareMode, recordingsFolder, gladiaRegion, socketHost, firstMinuteHidden, panels } =
      file.value;
    const twin = secrets.twin(gladiaSecret);
    return {
      theme,
      screenShareMode,
      recordingsFolder: recordingsFolder ?? defaultRecordingsFolder,
      gladia: {
        url: gladiaUrl,
        region: gladiaRegion,
        keyHint: twin?.hint ?? null,
        protection: twin?.protection ?? null,
      },
      socketHost,
      firstMinuteHidden,
      panels,
    };
  }
}

async function needFolder(path: string): Promise<void> {
  const refuse = (text: string, cause?: unknown): ProblemError =>
    new ProblemError(
      { code: 'bad-folder', fault: 'yours', retryable: false, text, advice: 'Choose another folder.' },
      { cause },
    );
  if (!isAbsolute(path)) throw refuse('The folder must be given with its whole path.');
  try {
    makeFolder(path);
    await access(path, constants.W_OK);
  } catch (cause) {
    throw refuse(`The folder ${path} cannot be written.`, cause);
  }
}
