import type { S3Refusal } from './storage-check.ts';

const head = '<?xml version="1.0" encoding="UTF-8"?>\n';

export function errorXml({ code, message }: S3Refusal, resource: string): string {
  const path = resource.split('?')[0] ?? '/'; // a presigned address has its signature behind the mark
  return `${head}<Error><Code>${code}</Code><Message>${escaped(message)}</Message><Resource>${escaped(path)}</Resource><RequestId>REHEARSAL</RequestId></Error>`;
}

export function listXml(
  bucket: string,
  prefix: string,
  objects: readonly { readonly key: string; readonly size: number; readonly changedAt: Date }[],
): string {
  const contents = objects.map(
    ({ key, size, changedAt }) =>
      `<Contents><Key>${escaped(key)}</Key><LastModified>${changedAt.toISOString()}</LastModified><Size>${size}</Size><StorageClass>STANDARD</StorageClass></Contents>`,
  );
  return `${head}<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>${escaped(bucket)}</Name><Prefix>${escaped(prefix)}</Prefix><KeyCount>${objects.length}</KeyCount><MaxKeys>1000</MaxKeys><IsTruncated>false</IsTruncated>${contents.join('')}</ListBucketResult>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
