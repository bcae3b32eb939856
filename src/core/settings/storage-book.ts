import { randomUUID } from 'node:crypto';
import { checkStorage } from '../../shared/checks/check-storage.ts';
import { ProblemError } from '../../shared/model/problem-error.ts';
import {
  secretNames,
  shownPlace,
  type Storage,
  type StoragePlace,
  type StorageSecretName,
  type StorageSecrets,
} from '../../shared/model/storage.ts';
import { StateCell } from '../live/state-cell.ts';
import type { JsonFile } from './json-file.ts';
import type { Keep, SecretStore } from './secret-store.ts';
import { serviceAccountOf } from './service-account.ts';
import type { StoredSettings, StoredStorage } from './stored.ts';

export interface StorageInput {
  readonly storageId?: string | undefined;
  readonly name: string;
  readonly isBackup: boolean;
  readonly place: StoragePlace;
  /** Left out: the one that is kept. Empty: none from now on. */
  readonly secrets: StorageSecrets;
  readonly keep: Keep;
}

/** A place with its secrets in clear. For the core alone: never logged, never sent to a page. */
export interface OpenStorage {
  readonly place: StoragePlace;
  readonly secrets: StorageSecrets;
}

const maxStorages = 200;
const secretOf = (storageId: string, name: StorageSecretName): string => `storage:${storageId}:${name}`;

/** The storage profiles. Their secrets are kept once, sealed, and only hints of them leave the core. */
export class StorageBook {
  readonly storages: StateCell<{ readonly storages: Storage[] }>;
  readonly #file: JsonFile<StoredSettings>;
  readonly #secrets: SecretStore;

  constructor({ file, secrets }: { readonly file: JsonFile<StoredSettings>; readonly secrets: SecretStore }) {
    this.#file = file;
    this.#secrets = secrets;
    this.storages = new StateCell(this.#list());
  }

  /** Null where it is not known. */
  find(storageId: string): Storage | null {
    return this.storages.value.storages.find((storage) => storage.id === storageId) ?? null;
  }

  /** Rejects with a ProblemError (`no-such-storage`, `storage-missing`, or the box's own). */
  async open(storageId: string): Promise<OpenStorage> {
    const stored = this.#stored(storageId);
    return { place: stored.place, secrets: await this.#open(stored) };
  }

  /** What a form would make of it, without keeping anything: for *Test*. Rejects with a ProblemError (`bad-storage`, ...). */
  async draft({
    storageId,
    place,
    secrets,
  }: Pick<StorageInput, 'storageId' | 'place' | 'secrets'>): Promise<OpenStorage> {
    const known = storageId === undefined ? null : this.#stored(storageId);
    const kept = known?.place.provider === place.provider ? await this.#open(known, secrets) : {};
    const given = namedSecrets(place, { ...kept, ...secrets });
    refuseUnfit(place, given);
    return { place, secrets: given };
  }

  /** Checks, keeps and returns what the page may see. Rejects with a ProblemError (`bad-storage`, `storage-exists`, ...). */
  async save(input: StorageInput): Promise<Storage> {
    const known = input.storageId === undefined ? null : this.#stored(input.storageId);
    const id = known?.id ?? `sto_${randomUUID().slice(0, 8)}`;
    const name = input.name.trim();
    if (this.#all().some((other) => other.id !== id && other.name === name)) throw nameTaken(name);
    if (!known && this.#all().length >= maxStorages) throw tooMany();
    const { place, secrets } = await this.draft(input);
    // The secrets first: a profile without them is worse than secrets without a profile.
    for (const [secret, text] of namesAndTexts(secrets))
      await this.#secrets.put(secretOf(id, secret), text, input.keep);
    const entry: StoredStorage = {
      id,
      name,
      place,
      account: serviceAccountOf(secrets.credentials)?.email ?? '',
      isBackup: input.isBackup,
      secrets: namesAndTexts(secrets).map(([secret]) => secret),
    };
    await this.#file.update((settings) => ({
      ...settings,
      storages: [...settings.storages.filter((other) => other.id !== id), entry],
    }));
    for (const gone of known?.secrets ?? [])
      if (!entry.secrets.includes(gone)) await this.#secrets.remove(secretOf(id, gone));
    this.#publish();
    return this.#twin(entry);
  }

  async remove(storageId: string): Promise<void> {
    const stored = this.#stored(storageId);
    await this.#file.update((settings) => ({
      ...settings,
      storages: settings.storages.filter((storage) => storage.id !== storageId),
    }));
    for (const secret of stored.secrets) await this.#secrets.remove(secretOf(storageId, secret));
    this.#publish();
  }

  /** `given`: what is not looked for, as it is entered anew. */
  async #open({ id, name, secrets }: StoredStorage, given: StorageSecrets = {}): Promise<StorageSecrets> {
    const opened: StorageSecrets = {};
    for (const secret of secrets) {
      if (given[secret] !== undefined) continue;
      const text = await this.#secrets.get(secretOf(id, secret));
      if (text === null) throw missing(name);
      opened[secret] = text;
    }
    return opened;
  }

  #all(): readonly StoredStorage[] {
    return this.#file.value.storages;
  }
  #stored(storageId: string): StoredStorage {
    const stored = this.#all().find((storage) => storage.id === storageId);
    if (stored) return stored;
    throw new ProblemError({
      code: 'no-such-storage',
      fault: 'yours',
      retryable: false,
      text: 'This storage is not among the storage profiles.',
      advice: 'Pick another one, or enter it again.',
    });
  }

  #publish(): void {
    this.storages.set(this.#list());
  }
  #list(): { readonly storages: Storage[] } {
    const all = this.#all().map((stored) => this.#twin(stored));
    return { storages: all.sort((a, b) => a.name.localeCompare(b.name)) };
  }
  #twin({ id, name, place, account, isBackup, secrets }: StoredStorage): Storage {
    const twins = secrets.map((secret) => [secret, this.#secrets.twin(secretOf(id, secret))] as const);
    const kept = twins.flatMap(([secret, twin]) => (twin ? [[secret, twin] as const] : []));
    return {
      id,
      name,
      place,
      shown: shownPlace(place),
      account,
      isBackup,
      // The end of a service account's file is the same in all of them: its address tells more.
      secretHints: Object.fromEntries(kept.map(([secret, twin]) => [secret, account === '' ? twin.hint : account])),
      protection: kept[0]?.[1].protection ?? 'this-run',
      isMissing: kept.length < twins.length,
      warnings: checkStorage({ place, has: (secret) => secrets.includes(secret) })
        .filter(({ severity }) => severity === 'warn')
        .map(({ text }) => text),
    };
  }
}

const namesAndTexts = (secrets: StorageSecrets): readonly (readonly [StorageSecretName, string])[] =>
  Object.entries(secrets).map(([name, text]) => [name as StorageSecretName, text]); // the keys of the type

/** Those of the provider that are there. */
function namedSecrets(place: StoragePlace, all: StorageSecrets): StorageSecrets {
  const named: StorageSecrets = {};
  for (const name of secretNames[place.provider]) {
    const text = all[name]?.trim();
    if (text) named[name] = text;
  }
  return named;
}

function refuseUnfit(place: StoragePlace, secrets: StorageSecrets): void {
  const findings = checkStorage({ place, has: (secret) => secrets[secret] !== undefined });
  const first = findings.find(({ severity }) => severity === 'refuse');
  if (first) throw bad(first.text);
  if (secrets.credentials !== undefined && !serviceAccountOf(secrets.credentials))
    throw bad(
      'The credentials are no service account of Google.',
      'Paste the whole JSON file of the key: it begins with { and has client_email and private_key.',
    );
}

const bad = (text: string, advice?: string): ProblemError =>
  new ProblemError({ code: 'bad-storage', fault: 'yours', retryable: false, text, ...(advice ? { advice } : {}) });
const missing = (name: string): ProblemError =>
  new ProblemError({
    code: 'storage-missing',
    fault: 'yours',
    retryable: false,
    text: `The keys of the storage ${name} are not kept.`,
    advice: 'Enter them; they may have been kept for an earlier run only.',
  });
const nameTaken = (name: string): ProblemError =>
  new ProblemError({
    code: 'storage-exists',
    fault: 'yours',
    retryable: false,
    text: `There is a storage of the name ${name} already.`,
    advice: 'Give it another name, or change that one.',
  });
const tooMany = (): ProblemError =>
  new ProblemError({
    code: 'too-many-storages',
    fault: 'yours',
    retryable: false,
    text: `No more than ${maxStorages} storages can be kept.`,
  });
