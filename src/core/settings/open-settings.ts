import { join } from 'node:path';
import type { Problem } from '../../shared/model/common.ts';
import type { RehearsalConnection, SecretBox } from '../host-services.ts';
import type { Clock } from '../live/clock.ts';
import type { Log } from '../live/log.ts';
import { FigureBook } from './figure-book.ts';
import { AddressBook } from './address-book.ts';
import { JsonFile } from './json-file.ts';
import { ObservabilitySettings } from './observability-settings.ts';
import { offerRehearsal } from './rehearsal-offers.ts';
import { SecretStore } from './secret-store.ts';
import { ServerBook, type ServerBookOptions } from './server-book.ts';
import { SettingsStore } from './settings-store.ts';
import { ShowBook } from './show-book.ts';
import { StorageBook } from './storage-book.ts';
import { firstSettings, noSecrets, readSecrets, readSettings } from './stored.ts';

export interface OpenSettingsOptions {
  readonly folder: string;
  readonly box: SecretBox;
  readonly defaultRecordingsFolder: string;
  readonly rehearsal: RehearsalConnection | null;
  readonly readUrl: ServerBookOptions['readUrl'];
  readonly clock: Clock;
  readonly log: Log;
}
export interface OpenedSettings {
  readonly settings: SettingsStore;
  readonly servers: ServerBook;
  readonly shows: ShowBook;
  readonly figures: FigureBook;
  readonly addresses: AddressBook;
  readonly storages: StorageBook;
  readonly observability: ObservabilitySettings;
  /** What was found at the opening that a producer should know: damaged files and where they were kept. */
  readonly problems: readonly Problem[];
  /** Resolves when everything is written. Safe to repeat. */
  close(): Promise<void>;
}

/** Opens `settings.json` and `secrets.json` of a data folder, or begins them. Rejects with a ProblemError (`settings-unreadable`). */
export async function openSettings(options: OpenSettingsOptions): Promise<OpenedSettings> {
  const { folder, box, rehearsal, clock, log } = options;
  const file = await JsonFile.open({
    path: join(folder, 'settings.json'),
    what: 'settings',
    read: readSettings,
    fallback: firstSettings,
    clock,
    log,
  });
  const secretFile = await JsonFile.open({
    path: join(folder, 'secrets.json'),
    what: 'secrets',
    read: readSecrets,
    fallback: noSecrets,
    clock,
    log,
  });
  const shows = await ShowBook.open({ folder, clock, log });
  const secrets = new SecretStore(secretFile, box);
  const figures = new FigureBook(file, clock);
  const addresses = new AddressBook({ file, secrets });
  const storages = new StorageBook({ file, secrets });
  if (rehearsal) await offerRehearsal(rehearsal, { addresses, storages, figures, log });
  return {
    settings: new SettingsStore({ file, secrets, defaultRecordingsFolder: options.defaultRecordingsFolder, rehearsal }),
    servers: new ServerBook({ file, secrets, protection: box.protection, readUrl: options.readUrl, rehearsal }),
    figures,
    addresses,
    storages,
    observability: new ObservabilitySettings({ file, secrets }),
    shows,
    problems: [file.problem, secretFile.problem, shows.problem].filter((problem) => problem !== null),
    close: async () => {
      await file.close();
      await shows.close();
      await secretFile.close();
    },
  };
}
