// Which object a location of egress means, by the profile that it lies in.
import { expect, test } from 'vitest';
import { keyAt } from '../../src/shared/text/object-key.ts';
import type { StoragePlace } from '../../src/shared/model/storage.ts';
import { s3Place } from '../support/s3-place.ts';

const s3: StoragePlace = s3Place({ pathStyle: false });
const minio: StoragePlace = { ...s3, endpoint: 'http://minio.example:9000', pathStyle: true };
const gcp: StoragePlace = { provider: 'gcp', bucket: 'shows', proxy: null };
const azure: StoragePlace = { provider: 'azure', accountName: 'ada', container: 'shows' };
const oss: StoragePlace = { provider: 'alioss', bucket: 'shows', region: 'oss-eu-central-1', endpoint: '' };

test.each<[string, StoragePlace, string, string | null]>([
  ['Amazon', s3, 'https://shows.s3.eu-west-1.amazonaws.com/a/b.mp4', 'a/b.mp4'],
  ['Amazon, bucket in the path', s3, 'https://s3.eu-west-1.amazonaws.com/shows/a/b.mp4', 'a/b.mp4'],
  ['Amazon, presigned', s3, 'https://shows.s3.eu-west-1.amazonaws.com/a%20b.mp4?X-Amz-Signature=1', 'a b.mp4'],
  [
    'Amazon, as an address',
    s3,
    'https://shows.s3.amazonaws.com/Q%26A:%20why%3F%20%231/%C3%A4%25.mp4',
    'Q&A: why? #1/ä%.mp4',
  ],
  // livekit/storage before it wrote addresses.
  ['Amazon, as it is written', s3, 'https://shows.s3.amazonaws.com/Q&A: why? #1/ä%.mp4', 'Q&A: why? #1/ä%.mp4'],
  ['Azure, as it is written', azure, 'https://ada.blob.core.windows.net/shows/50% #2.mp4', '50% #2.mp4'],
  ['a \\ in the name', s3, 'https://shows.s3.amazonaws.com/a\\b.mp4', 'a\\b.mp4'],
  ['two dots in the name', s3, 'https://shows.s3.amazonaws.com/a/../b.mp4', 'a/../b.mp4'],
  // Measured: https though the endpoint is http.
  ['another server', minio, 'https://minio.example:9000/shows/s3/a.ogg', 's3/a.ogg'],
  ['another bucket', minio, 'https://minio.example:9000/other/a.ogg', null],
  ['another host', minio, 'https://other.example/shows/a.ogg', null],
  ['Google', gcp, 'https://shows.storage.googleapis.com/a.mp4', 'a.mp4'],
  ['Google, bucket in the path', gcp, 'https://storage.googleapis.com/shows/a.mp4', 'a.mp4'],
  ['Azure', azure, 'https://ada.blob.core.windows.net/shows/a.mp4', 'a.mp4'],
  ['another account of Azure', azure, 'https://bob.blob.core.windows.net/shows/a.mp4', null],
  ['Alibaba', oss, 'https://shows.oss-eu-central-1.aliyuncs.com/a.mp4', 'a.mp4'],
  ['a path of the server', s3, '/recordings/a.mp4', null],
  ['a folder of the server', { provider: 'server-local', folder: '/r' }, '/r/a.mp4', null],
])('%s', (_name, place, location, key) => {
  expect(keyAt(place, location)).toBe(key);
});
