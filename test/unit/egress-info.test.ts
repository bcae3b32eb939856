import { EgressInfo } from '@livekit/protocol';
import { describe, expect, test } from 'vitest';
import { parseEgressInfo } from '../../src/core/livekit/egress-info.ts';
import { parsePeople, parseRooms } from '../../src/core/livekit/room-info.ts';
import { recordedCalls, recordedEgress } from '../support/traces.ts';

describe('EgressInfo', () => {
  test('every recorded one is read as the official library reads it, in both spellings', () => {
    const infos = recordedEgress().flatMap((one) => one.infos);
    expect(infos.length).toBeGreaterThan(60);
    for (const info of infos) {
      // The library is the other reader; it cannot know how we name things, so times and texts are compared.
      const official = EgressInfo.fromJson(info as never, { ignoreUnknownFields: true });
      for (const value of [info, official.toJson()]) {
        const snapshot = parseEgressInfo(value);
        expect(snapshot).toMatchObject({
          egressId: official.egressId,
          roomName: official.roomName,
          updatedAtNs: official.updatedAt,
          error: official.error,
          errorCode: official.errorCode,
          startedAtMs: Number(official.startedAt / 1_000_000n),
        });
        expect(snapshot?.results.files.map((file) => [file.name, file.location, file.bytes])).toEqual(
          official.fileResults.map((file) => [file.filename, file.location, Number(file.size)]),
        );
        expect(snapshot?.results.files.every((file) => file.durationMs >= 0)).toBe(true);
      }
    }
  });
  test('media begins later than the job, and not before it is active', () => {
    const course =
      recordedEgress()
        .find((one) => one.egress_id === 'EG_EHSpFwUKgneN')
        ?.infos.map(parseEgressInfo) ?? [];
    expect(course[0]).toMatchObject({ kind: 'room-composite', status: 'starting', mediaStartedAtMs: null });
    const last = course.at(-1);
    expect(last?.status).toBe('complete');
    expect((last?.mediaStartedAtMs ?? 0) - (last?.startedAtMs ?? 0)).toBeGreaterThan(100);
    expect(course.map((one) => one?.updatedAtNs)).toEqual(
      course.map((one) => one?.updatedAtNs ?? 0n).toSorted((a, b) => (a < b ? -1 : 1)),
    );
  });
  test('addresses in the words of a server lose their secrets, and durations below zero become zero', () => {
    const snapshot = parseEgressInfo({
      egress_id: 'EG_1',
      error: 'srt://h:1?passphrase=supersecret12 failed',
      file_results: [{ filename: 'a.mp4', duration: '-1795223666563000000', size: '-1' }],
    });
    expect(snapshot?.error).toBe('srt://h:1?passphrase={...} failed');
    expect(snapshot?.results.files).toEqual([{ name: 'a.mp4', location: '', bytes: 0, durationMs: 0 }]);
  });
  test('an address that a worker has signed is kept without what opens it', () => {
    const signed = 'https://s3.example/b/shows/hall.mp4?X-Amz-Credential=AKIA%2F2026&X-Amz-Signature=0badcafe';
    const results = parseEgressInfo({
      egress_id: 'EG_1',
      file_results: [{ filename: 'hall.mp4', location: signed }, { location: '/out/what?token=1.mp4' }],
      segment_results: [{ playlist_location: signed, live_playlist_location: signed }],
      manifest_location: signed,
    })?.results;
    expect(JSON.stringify(results)).not.toMatch(/AKIA|0badcafe/);
    expect(results?.files.map(({ location }) => location)).toEqual([
      'https://s3.example/b/shows/hall.mp4',
      '/out/what?token=1.mp4',
    ]);
  });
  test.each([
    null,
    undefined,
    7,
    {},
    { egress_id: '' },
    { egress_id: 'EG', status: 'NEW' },
    { egress_id: 'EG', updated_at: 'x' },
  ])('what is none is null: %j', (value) => expect(parseEgressInfo(value)).toBeNull());
});

describe('rooms and people', () => {
  const answer = (call: string): unknown => recordedCalls().find((one) => one.call === call)?.json;
  test('of a real server', () => {
    expect(parseRooms(answer('ListRooms'))).toEqual([
      { name: 'w2', sid: 'RM_Sf6txpwiTa7B', createdAtMs: 1795223472819, laggingCount: 1 },
    ]);
    expect(parsePeople(answer('ListParticipants'))).toEqual([
      {
        sid: 'PA_u5MxyKhPHzmm',
        identity: 'alice',
        name: 'alice',
        kind: 'standard',
        joinedAtMs: 1795223472822,
        tracks: [
          {
            sid: 'TR_AM3L6noCrHUvT2',
            kind: 'audio',
            source: 'microphone',
            name: 'mic',
            isMuted: false,
            isEncrypted: false,
            codec: 'audio/opus',
          },
        ],
        isMuted: false,
        isSpeaking: false,
      },
    ]);
  });
  test('recorders and hidden ones are not people', () => {
    const people = parsePeople({
      participants: [
        { sid: 'PA_1', identity: 'ada', joined_at_ms: '2' },
        { sid: 'PA_2', identity: 'EG_x', kind: 'EGRESS' },
        { sid: 'PA_3', identity: 'us', permission: { hidden: true, agent: true } },
        { sid: 'PA_4', identity: 'old', permission: { recorder: true } },
        { sid: 'PA_5', identity: 'bot', kind: 'AGENT', joinedAt: '1' },
        {
          sid: 'PA_6',
          identity: 'line',
          kind: 'SIP',
          joinedAt: '3',
          tracks: [{ sid: 'TR', source: 'MICROPHONE', muted: true, encryption: 'GCM' }],
        },
      ],
    });
    expect(people?.map((one) => [one.identity, one.kind, one.isMuted])).toEqual([
      ['ada', 'standard', true],
      ['bot', 'agent', true],
      ['line', 'sip', true],
    ]);
    expect(people?.[2]?.tracks[0]?.isEncrypted).toBe(true);
  });
  test('an empty answer is no room, and anything else is none', () => {
    expect(parseRooms({})).toEqual([]);
    expect(parseRooms({ rooms: 7 })).toBeNull();
    expect(parsePeople('x')).toBeNull();
  });
});
