import type { StoragePlace } from '../../src/shared/model/storage.ts';

type S3Place = Extract<StoragePlace, { readonly provider: 's3' }>;

/** The bucket `shows`, addressed by path as a server of one's own is; what else it has is given. */
export const s3Place = (part: Partial<S3Place>): S3Place => ({
  provider: 's3',
  bucket: 'shows',
  region: 'eu-west-1',
  endpoint: '',
  pathStyle: true,
  assumeRoleArn: '',
  metadata: {},
  tagging: '',
  contentDisposition: '',
  proxy: null,
  ...part,
});
