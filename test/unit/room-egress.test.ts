// Egress that is asked for with a new room: read by the official protobufs as it was meant.
import { CreateRoomRequest } from '@livekit/protocol';
import { expect, test } from 'vitest';
import { roomEgress } from '../../src/core/livekit/egress-request/room-egress.ts';
import { type AutoEgress, requestsOf } from '../../src/shared/model/auto-egress.ts';
import { idsOf } from '../../src/shared/model/request-ids.ts';
import { problemOf } from '../../src/shared/model/problem-error.ts';
import { randomAutoEgress, secrets } from '../support/egress-requests.ts';

const withoutEmpty = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (_key, each: unknown) =>
    Array.isArray(each) && each.length === 0 ? undefined : each,
  );

test('what a new room is asked with is read by the official protobufs without unknown fields, every storage too', () => {
  const seen = new Set<string>();
  for (const auto of randomAutoEgress()) {
    const egress = roomEgress(auto, secrets);
    const text = JSON.stringify({ name: 'hall', egress });
    const official = CreateRoomRequest.fromJsonString(text, { ignoreUnknownFields: false });
    expect(official.toJson({ useProtoFieldName: true })).toEqual(withoutEmpty({ name: 'hall', egress }));
    for (const part of ['room', 'participant', 'tracks'] as const) if (official.egress?.[part]) seen.add(part);
    expect(text).not.toMatch(/"(?:room_name|identity|track_id)"/); // LiveKit fills them in
    expect(official.egress?.room?.roomName ?? '').toBe('');
  }
  expect([...seen].toSorted()).toEqual(['participant', 'room', 'tracks']);
});

test('an encoding that needs a fixed track is refused in words, and what names entries by id is found', () => {
  const file = { fileType: 'mp4', filePath: 'x', hasManifest: true, storageId: 's3' } as const;
  const participant = { encoding: { use: 'pass-through' }, outputs: { file, segments: null } } as const;
  const auto: AutoEgress = { room: null, participant, tracks: { filePath: 'x', hasManifest: true, storageId: 'gcp' } };
  try {
    roomEgress(auto, secrets);
    expect.fail('it was taken');
  } catch (error) {
    expect(problemOf(error).code).toBe('not-at-creation');
  }
  const asked = Object.values(requestsOf(auto)).filter((request) => request !== null);
  expect(asked.flatMap((request) => idsOf(request).storageIds)).toEqual(['s3', 'gcp']);
});
