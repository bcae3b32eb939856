import { problemOf } from '../../shared/model/problem-error.ts';
import type { RehearsalConnection } from '../host-services.ts';
import type { Log } from '../live/log.ts';
import { rehearsalId } from './server-book.ts';
import type { AddressBook } from './address-book.ts';
import type { FigureBook } from './figure-book.ts';
import type { StorageBook } from './storage-book.ts';

export interface RehearsalOffers {
  readonly addresses: AddressBook;
  readonly storages: StorageBook;
  readonly figures: FigureBook;
  readonly log: Log;
}

/**
 * Puts what a rehearsal brings along where a producer chooses from: its receivers into the address book, its storage among
 * the profiles, the page of its egress worker beside its server. Ports and keys are new with every run, so they replace
 * those of the run before and are kept for this run only.
 */
export async function offerRehearsal(connection: RehearsalConnection, books: RehearsalOffers): Promise<void> {
  const { addresses, storages, figures } = books;
  const { destinations, egressMetrics } = connection;
  if (destinations) {
    const [main, spare] = destinations.rtmp;
    if (main) await offer(books, () => offerAddress(addresses, 'Rehearsal receiver', 'rtmp', main));
    if (spare) await offer(books, () => offerAddress(addresses, 'Rehearsal receiver, spare', 'rtmp', spare));
    const { srt } = destinations;
    if (srt) await offer(books, () => offerAddress(addresses, 'Rehearsal receiver, SRT', 'srt', srt));
    await offer(books, () => offerStorage(storages, destinations.storage));
  }
  if (egressMetrics !== undefined) {
    await offer(books, () => figures.declareOf(rehearsalId, () => ({ metricsUrl: egressMetrics })));
  }
}

/** What cannot be offered must not keep the console from opening. */
async function offer({ log }: RehearsalOffers, save: () => Promise<unknown>): Promise<void> {
  try {
    await save();
  } catch (error) {
    log.warn('A part of the rehearsal could not be offered', { code: problemOf(error).code });
  }
}

function offerAddress(book: AddressBook, name: string, kind: 'rtmp' | 'srt', url: string): Promise<unknown> {
  const known = book.addresses.value.addresses.find((address) => address.name === name && address.kind === kind);
  return book.save({ addressId: known?.id, name, kind, url, followsLayout: false, keep: 'this-run' });
}

function offerStorage(
  book: StorageBook,
  storage: NonNullable<RehearsalConnection['destinations']>['storage'],
): Promise<unknown> {
  const name = 'Rehearsal storage';
  const { endpoint, region, bucket, accessKey, secret } = storage;
  const known = book.storages.value.storages.find((one) => one.name === name && one.place.provider === 's3');
  return book.save({
    storageId: known?.id,
    name,
    isBackup: false,
    place: {
      provider: 's3',
      bucket,
      region,
      endpoint,
      pathStyle: true,
      assumeRoleArn: '',
      metadata: {},
      tagging: '',
      contentDisposition: '',
      proxy: null,
    },
    secrets: { accessKey, secret },
    keep: 'this-run',
  });
}
