import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { type Destinations, openDestinations } from '../../src/rehearsal/destinations/destinations.ts';
import { course, type Info, openBench, opened, room, shapes } from '../support/egress-bench.ts';

// Uploads of the egress simulator to the rehearsal's own storage, and to one that is not there.

async function storage(): Promise<Destinations & { readonly folder: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'cuedesk-storage-'));
  const destinations = await openDestinations({
    ffmpeg: null,
    filesFolder: folder,
    decode: async () => ({ words: [] }),
  });
  opened.push(async () => {
    await destinations.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return Object.assign(destinations, { folder: join(folder, 'storage') });
}

interface Upload {
  readonly access_key: string;
  readonly secret: string;
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  readonly force_path_style: boolean;
}
const uploadTo = ({ addresses }: Destinations): Upload => {
  const { accessKey, secret, endpoint, bucket, region } = addresses.storage;
  return { access_key: accessKey, secret, endpoint, bucket, region, force_path_style: true };
};

test('files, segments and manifests go to the storage; what it refuses, and what is not there, fails as recorded', async () => {
  const target = await storage();
  const bench = await openBench({ hasFfmpeg: true, timing: { uploadRetryMs: [10, 10, 10, 10] } });
  const s3 = uploadTo(target);
  const track = await bench.trackOf('ada');
  const file = (filepath: string, upload: Upload): Promise<Info> =>
    bench.ok('Egress/StartTrackEgress', { room_name: room, track_id: track, file: { filepath, s3: upload } });
  const nobody = createServer();
  nobody.listen(0, '127.0.0.1');
  await once(nobody, 'listening');
  const deadEndpoint = `http://127.0.0.1:${(nobody.address() as AddressInfo).port}`;
  nobody.close();
  const [kept, wrongKey, wrongBucket, dead, segments] = await Promise.all([
    file('s3/a.ogg', s3),
    file('s3/b.ogg', { ...s3, secret: 'wrong' }),
    file('s3/c.ogg', { ...s3, bucket: 'nowhere' }),
    file('s3/d.ogg', { ...s3, endpoint: deadEndpoint }),
    bench.ok('Egress/StartEgress', {
      room_name: room,
      media: { audio: { capture_all: true } },
      outputs: [{ segments: { filename_prefix: 'hls/x', playlist_name: 'x.m3u8', segment_duration: 1 } }],
      storage: { s3 },
    }),
  ]);
  expect(JSON.stringify(kept)).toContain('{secret}');
  expect(JSON.stringify([kept, segments])).not.toContain(s3.secret);
  for (const one of [kept, wrongKey, wrongBucket, dead, segments]) await bench.follow(one, 'EGRESS_ACTIVE');
  await delay(1_300);
  const stop = async (one: Info, status: string): Promise<Info> => {
    const ending = await bench.ok('Egress/StopEgress', { egress_id: one.egress_id });
    return (await bench.follow(ending, status)).at(-1) as Info;
  };
  const [keptInfo, wrongKeyInfo, wrongBucketInfo, deadInfo, segmentsInfo] = await Promise.all([
    stop(kept, 'EGRESS_COMPLETE'),
    stop(wrongKey, 'EGRESS_FAILED'),
    stop(wrongBucket, 'EGRESS_FAILED'),
    stop(dead, 'EGRESS_FAILED'),
    stop(segments, 'EGRESS_COMPLETE'),
  ]);
  const [result] = keptInfo['file_results'] as { location: string; size: string }[];
  expect(result?.location).toBe(`${s3.endpoint.replace('http', 'https')}/${s3.bucket}/s3/a.ogg`);
  expect(readFileSync(join(target.folder, s3.bucket, 's3', 'a.ogg')).length).toBe(Number(result?.size));
  expect(readdirSync(join(target.folder, s3.bucket, 's3')).sort()).toEqual([`${kept.egress_id}.json`, 'a.ogg'].sort());
  expect(readdirSync(join(target.folder, s3.bucket, 'hls'))).toContain('x_00000.ts');
  expect(readFileSync(join(target.folder, s3.bucket, 'hls', 'x.m3u8'), 'utf8')).toContain('#EXT-X-ENDLIST');
  expect((segmentsInfo['segment_results'] as { playlist_location: string }[])[0]?.playlist_location).toMatch(
    /\/hls\/x\.m3u8$/,
  );
  expect(wrongKeyInfo['error']).toMatch(/^S3 upload failed: .*StatusCode: 403.*SignatureDoesNotMatch/);
  expect(wrongBucketInfo['error']).toMatch(/StatusCode: 404.*NoSuchBucket/);
  const [recordedDead] = course('s3Dead').slice(-1) as Record<string, unknown>[];
  const deadShape = shapes([deadInfo])[0] as Record<string, unknown>;
  const plain = (error: unknown): string => String(error).replaceAll(/http:\/\/[^"]*|\baddress\b/g, 'there');
  expect(plain(deadShape['error'])).toBe(plain(recordedDead?.['error']));
  for (const key of ['file_results', 'details', 'error_code', 'backup_storage_used', 'manifest_location']) {
    expect(deadShape[key], key).toEqual(recordedDead?.[key]);
  }
  expect(readdirSync(bench.files)).toEqual([expect.stringMatching(/^\.egress-/)]);
});

test('a storage that refuses fails segments while they are made, a file at its end; a backup takes what is refused', async () => {
  const target = await storage();
  const bench = await openBench({ hasFfmpeg: true, standIn: { backup: target.backup } });
  const s3 = uploadTo(target);
  target.isStorageRefusing = true;
  const segments = await bench.ok('Egress/StartRoomCompositeEgress', {
    room_name: room,
    audio_only: true,
    segment_outputs: [{ filename_prefix: 's3/seg', playlist_name: 'x.m3u8', segment_duration: 1, s3 }],
  });
  const failed = await bench.follow(segments, 'EGRESS_FAILED');
  const shown = shapes(failed.slice(-1))[0] as Record<string, unknown>;
  const [recorded] = course('s3SegmentsForbidden').slice(-1) as Record<string, unknown>[];
  for (const key of ['segment_results', 'error', 'error_code', 'details'])
    expect(shown[key], key).toEqual(recorded?.[key]);

  const body = { room_name: room, track_id: await bench.trackOf('ada'), file: { filepath: 's3/a.ogg', s3 } };
  const record = async (status: string): Promise<Info> => {
    const first = await bench.ok('Egress/StartTrackEgress', body);
    await bench.follow(first, 'EGRESS_ACTIVE');
    await delay(300);
    const ending = await bench.ok('Egress/StopEgress', { egress_id: first.egress_id });
    return (await bench.follow(ending, status)).at(-1) as Info;
  };
  const refused = await record('EGRESS_FAILED');
  const [recordedFile] = course('s3Forbidden').slice(-1) as Record<string, unknown>[];
  expect(refused['error']).toBe(recordedFile?.['error']);

  bench.standIn.hasBackup = true;
  const saved = await record('EGRESS_COMPLETE');
  expect(saved).toMatchObject({ error: '', backup_storage_used: true });
  expect((saved['file_results'] as { location: string }[])[0]?.location).toMatch(/^https:\/\/.*\/backup\/s3\/a\.ogg$/);
});

test('the storage checks every request: key, signature, time, bucket, object', async () => {
  const target = await storage();
  const { endpoint, bucket } = target.addresses.storage;
  const code = async (path: string, init: RequestInit = {}): Promise<[number, string]> => {
    const answer = await fetch(endpoint + path, init);
    return [answer.status, /<Code>(\w+)/.exec(await answer.text())?.[1] ?? ''];
  };
  expect(await code(`/${bucket}/x`)).toEqual([403, 'AccessDenied']);
  const authorization = `AWS4-HMAC-SHA256 Credential=nobody/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=00`;
  expect(await code(`/${bucket}/x`, { headers: { authorization } })).toEqual([403, 'InvalidAccessKeyId']);
  expect(await code(`/${bucket}/../../x?X-Amz-Signature=0`)).toEqual([403, 'InvalidAccessKeyId']);
});
