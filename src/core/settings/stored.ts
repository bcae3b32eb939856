import { z } from 'zod';
import { Observability } from '../../shared/contract/observability.ts';
import { Settings } from '../../shared/contract/settings.ts';
import { AddressKind } from '../../shared/model/address.ts';
import { Protection } from '../../shared/model/server.ts';
import { StoragePlace, StorageSecretName } from '../../shared/model/storage.ts';
import { firstFigures, StoredFigures } from './stored-figures.ts';

export const StoredServer = z.object({
  id: z.string().min(1).max(64),
  name: z.string().min(1).max(80),
  url: z.string().min(1).max(2048),
  apiKey: z.string().min(1).max(256),
});
export type StoredServer = z.infer<typeof StoredServer>;

/** An entry of the address book; the address itself, where it may hold a secret, is among the secrets. */
export const StoredAddress = z.object({
  id: z.string().min(1).max(64),
  name: z.string().min(1).max(80),
  kind: AddressKind,
  /** Without what is secret in it. */
  url: z.string().min(1).max(4096),
  followsLayout: z.boolean(),
});
export type StoredAddress = z.infer<typeof StoredAddress>;

/** A storage profile; its secrets are among the secrets, and named here. */
const StoredStorage = z.object({
  id: z.string().min(1).max(64),
  name: z.string().min(1).max(80),
  place: StoragePlace,
  account: z.string().max(320),
  isBackup: z.boolean(),
  secrets: z.array(StorageSecretName).max(10),
});
export type StoredStorage = z.infer<typeof StoredStorage>;

/** The settings file. Nothing secret is in it, so that it may be shown to somebody who helps. */
export const StoredSettings = z.object({
  version: z.literal(1),
  theme: Settings.shape.theme,
  screenShareMode: z.boolean(),
  /** Null: the default of this computer. */
  recordingsFolder: z.string().max(1024).nullable(),
  gladiaRegion: Settings.shape.gladia.shape.region,
  socketHost: z.string().max(253),
  firstMinuteHidden: z.boolean(),
  panels: Settings.shape.panels,
  servers: z.array(StoredServer).max(100),
  addresses: z.array(StoredAddress).max(500),
  storages: z.array(StoredStorage).max(200),
  chosenId: z.string().nullable(),
  figures: StoredFigures,
  observability: Observability.pick({ isOn: true, port: true, isOpen: true }),
});
export type StoredSettings = z.infer<typeof StoredSettings>;

export const firstSettings: StoredSettings = {
  version: 1,
  theme: 'dark',
  screenShareMode: false,
  recordingsFolder: null,
  gladiaRegion: 'eu-west',
  socketHost: '127.0.0.1',
  firstMinuteHidden: false,
  panels: {},
  servers: [],
  addresses: [],
  storages: [],
  chosenId: null,
  figures: firstFigures,
  // A port that no well-known exporter uses.
  observability: { isOn: false, port: 9_469, isOpen: false },
};

/** The secrets file: each as the host has sealed it, in base64. */
export const StoredSecrets = z.object({
  version: z.literal(1),
  secrets: z.record(
    z.string(),
    z.object({ sealed: z.base64().max(16_384), hint: z.string().max(16), protection: Protection }),
  ),
});
export type StoredSecrets = z.infer<typeof StoredSecrets>;
export const noSecrets: StoredSecrets = { version: 1, secrets: {} };

interface Read<T> {
  readonly value: T;
  readonly isWhole: boolean;
}

/** Takes each setting that can be read, and each server, address and storage; what was lost is told by `isWhole`. */
export function readSettings(value: unknown): Read<StoredSettings> {
  const whole = StoredSettings.safeParse(value);
  if (whole.success) return { value: whole.data, isWhole: true };
  if (typeof value !== 'object' || value === null) return { value: firstSettings, isWhole: false };
  const given = value as Record<string, unknown>;
  const kept: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(StoredSettings.shape)) {
    const one = schema.safeParse(given[name]);
    if (one.success) kept[name] = one.data;
  }
  const list = (name: string): readonly unknown[] => (Array.isArray(given[name]) ? given[name] : []);
  const servers = list('servers').flatMap((server) => StoredServer.safeParse(server).data ?? []);
  const addresses = list('addresses').flatMap((address) => StoredAddress.safeParse(address).data ?? []);
  const storages = list('storages').flatMap((storage) => StoredStorage.safeParse(storage).data ?? []);
  const merged = StoredSettings.parse({
    ...firstSettings,
    ...kept,
    version: 1,
    servers: servers.slice(0, 100),
    addresses: addresses.slice(0, 500),
    storages: storages.slice(0, 200),
  });
  // A setting that an older Cuedesk did not know is simply not there: nothing was lost.
  const isOlder = given['version'] === 1 && StoredSettings.partial().safeParse(given).success;
  return { value: merged, isWhole: isOlder };
}

/** Takes each secret that can be read. */
export function readSecrets(value: unknown): Read<StoredSecrets> {
  const whole = StoredSecrets.safeParse(value);
  if (whole.success) return { value: whole.data, isWhole: true };
  const given = z.object({ secrets: z.record(z.string(), z.unknown()) }).safeParse(value);
  const entries = Object.entries(given.data?.secrets ?? {}).flatMap(([name, secret]) => {
    const one = StoredSecrets.shape.secrets.valueType.safeParse(secret);
    return one.success ? [[name, one.data] as const] : [];
  });
  return { value: { version: 1, secrets: Object.fromEntries(entries) }, isWhole: false };
}
