import { describe, expect, test } from 'vitest';
import { secretsOf } from '../../src/core/console/request-secrets.ts';
import { egressForms } from '../../src/core/livekit/egress-request/egress-forms.ts';
import type { EgressCall, EgressForms } from '../../src/core/livekit/egress-request/forms.ts';
import { ignoredFields } from '../../src/core/livekit/egress-request/ignored.ts';
import type { EgressRequest, Outputs } from '../../src/shared/model/job-request.ts';
import { idsOf } from '../../src/shared/model/request-ids.ts';
import { asOfficial } from '../support/egress-protobufs.ts';
import { randomRequest, secrets } from '../support/egress-requests.ts';
import { recordedStarts } from '../support/traces.ts';

const none: Outputs = { file: null, stream: null, segments: null, images: [] };
const file = { fileType: 'mp4', filePath: 'a/{time}', hasManifest: true, storageId: null } as const;
const toFile: Outputs = { ...none, file };
const plain = { encoding: { use: 'default' }, outputs: toFile } as const;
const asItComes = { encoding: { use: 'pass-through' }, outputs: toFile } as const;
const toOutputs = { to: 'outputs', ...plain } as const;
const toSocket = { to: 'websocket', destinationId: 'socket' } as const;
const forms = (request: EgressRequest): EgressForms => egressForms('hall', request, secrets);
const composite = {
  kind: 'room-composite',
  layout: 'grid',
  tracks: 'both',
  audioMixing: 'default',
  templateId: null,
  ...plain,
} as const;
const media = { kind: 'media', video: { by: 'none' }, audio: { by: 'everybody' }, output: toSocket } as const;
const route = (match: object, channel = 'both') =>
  ({ by: 'routes', routes: [{ match, channel }] }) as unknown as Extract<EgressRequest, { kind: 'media' }>['audio'];
const byTrack = { by: 'track', trackSid: 'TR_1' };

test('every kind with every output is read by the official protobufs as it was meant, without unknown fields', () => {
  const seen = new Set<string>();
  for (let seed = 0; seed < 3_000; seed += 1) {
    const request = randomRequest(seed);
    const { v1, v2 } = forms(request);
    for (const form of [v1, v2].filter((one) => one !== undefined)) {
      // Written again it is the same: no name and no value was unknown, and nothing was left out.
      expect(asOfficial(form), `seed ${seed}`).toEqual(withoutEmptyLists(form.body));
      seen.add(`${request.kind} ${form.method}`);
    }
  }
  expect([...seen].sort()).toEqual([
    'media StartEgress',
    'media StartParticipantEgress',
    'media StartTrackCompositeEgress',
    'media StartTrackEgress',
    'participant StartParticipantEgress',
    'room-composite StartEgress',
    'room-composite StartRoomCompositeEgress',
    'template StartEgress',
    'template StartRoomCompositeEgress',
    'track StartTrackEgress',
    'track-composite StartEgress',
    'track-composite StartTrackCompositeEgress',
    'web StartEgress',
    'web StartWebEgress',
  ]);
});

test('a folder of the egress host begins the path of each output, and asks for no upload', () => {
  const segments = {
    filenamePrefix: 'hls/{time}',
    playlistName: 'index.m3u8',
    livePlaylistName: 'live.m3u8',
    segmentDurationS: 4,
    filenameSuffix: 'index',
    hasManifest: true,
    storageId: 'folder',
  } as const;
  const outputs: Outputs = { ...none, file: { ...file, storageId: 'folder' }, segments };
  expect(forms({ ...composite, outputs }).v1?.body).toMatchObject({
    file_outputs: [{ file_type: 'MP4', filepath: '/recordings/a/{time}' }],
    segment_outputs: [
      { filename_prefix: '/recordings/hls/{time}', playlist_name: 'index.m3u8', live_playlist_name: 'live.m3u8' },
    ],
  });
});

test('the ids of a request are those whose secrets its body needs', () => {
  for (let seed = 0; seed < 500; seed += 1) {
    const request = randomRequest(seed);
    const asked = { addressIds: new Set<string>(), storageIds: new Set<string>() };
    egressForms('hall', request, {
      address: (id) => (asked.addressIds.add(id), secrets.address(id)),
      storage: (id) => (asked.storageIds.add(id), secrets.storage(id)),
    });
    const ids = idsOf(request);
    expect([...ids.addressIds].sort(), `seed ${seed}`).toEqual([...asked.addressIds].sort());
    expect([...ids.storageIds].sort(), `seed ${seed}`).toEqual([...asked.storageIds].sort());
  }
});

describe('which call is asked', () => {
  test('an older kind goes in the call that every server knows', () => {
    expect(forms(composite)).toMatchObject({ first: 'v1', v1: { method: 'StartRoomCompositeEgress' } });
    expect(forms({ kind: 'track', trackSid: 'TR_1', output: toSocket })).toEqual({
      first: 'v1',
      v1: {
        method: 'StartTrackEgress',
        body: { room_name: 'hall', track_id: 'TR_1', websocket_url: secrets.address('socket') },
      },
      v2: undefined,
    });
  });
  test('sound mixed to two channels can be said by the older call alone', () => {
    const { v1, v2 } = forms({ ...composite, audioMixing: 'dual-channel-agent' });
    expect(v1?.body).toMatchObject({ audio_mixing: 'DUAL_CHANNEL_AGENT' });
    expect(v2).toBeUndefined();
  });
  test('a template falls back to room composite', () => {
    const { layout, tracks } = composite;
    const { first, v1, v2 } = forms({ kind: 'template', layout, tracks, templateId: 'page', output: toOutputs });
    expect(first).toBe('v2');
    expect(v2?.body).toEqual({
      room_name: 'hall',
      template: { layout: 'grid', custom_base_url: secrets.address('page') },
      outputs: [{ file: { file_type: 'MP4', filepath: 'a/{time}' } }],
    });
    expect(v1).toEqual({
      method: 'StartRoomCompositeEgress',
      body: {
        room_name: 'hall',
        layout: 'grid',
        custom_base_url: secrets.address('page'),
        file_outputs: [{ file_type: 'MP4', filepath: 'a/{time}' }],
      },
    });
  });
  test('media of one person falls back to participant, of fixed tracks to track composite, of one track to its socket', () => {
    const person = { by: 'participant', identity: 'ada', preferScreenShare: false } as const;
    const herSound = route({ by: 'identity', identity: 'ada' });
    expect(forms({ ...media, video: person, audio: herSound, output: toOutputs }).v1).toMatchObject({
      method: 'StartParticipantEgress',
      body: { identity: 'ada' },
    });
    const picture = { by: 'track', trackSid: 'TR_2' } as const;
    expect(forms({ ...media, video: picture, audio: route(byTrack), output: toOutputs }).v1).toMatchObject({
      method: 'StartTrackCompositeEgress',
      body: { audio_track_id: 'TR_1', video_track_id: 'TR_2' },
    });
    expect(forms({ ...media, audio: route(byTrack) }).v1).toMatchObject({
      method: 'StartTrackEgress',
      body: { track_id: 'TR_1', websocket_url: secrets.address('socket') },
    });
  });
  test.each<[string, EgressRequest]>([
    ['the sound of everybody', media],
    ['a voice on the left', { ...media, audio: route(byTrack, 'left') }],
    ['the voices of agents', { ...media, audio: route({ by: 'kind', participantKind: 'agent' }), output: toOutputs }],
    [
      'a screen where there is one',
      {
        ...media,
        video: { by: 'participant', identity: 'ada', preferScreenShare: true },
        audio: route({ by: 'identity', identity: 'ada' }),
        output: toOutputs,
      },
    ],
    [
      'a track as it comes',
      {
        ...media,
        video: { by: 'track', trackSid: 'TR_2' },
        audio: { by: 'none' },
        output: { to: 'outputs', ...asItComes },
      },
    ],
    [
      'a fixed track as it comes',
      { kind: 'track-composite', audioTrackSid: null, videoTrackSid: 'TR_2', ...asItComes },
    ],
    [
      'a template to a WebSocket',
      { kind: 'template', layout: '', tracks: 'audio', templateId: null, output: toSocket },
    ],
  ])('%s has no older form', (_what, request) => {
    const { v1, v2 } = forms(request);
    expect(v1).toBeUndefined();
    expect(v2?.method).toBe('StartEgress');
  });
  test('a person as she comes has no form at all', () => {
    const refuse = () => forms({ kind: 'participant', identity: 'ada', screenShare: false, ...asItComes });
    expect(refuse).toThrow('only as one fixed track into one file');
  });
});

describe('addresses and storages', () => {
  test('each output has its own storage', () => {
    const outputs: Outputs = {
      ...none,
      file: { ...file, storageId: 's3' },
      images: [
        {
          captureIntervalS: 5,
          width: 0,
          height: 0,
          filenamePrefix: 'i',
          filenameSuffix: 'index',
          hasManifest: false,
          storageId: 'azure',
        },
      ],
    };
    const { v1, v2 } = forms({ ...composite, outputs });
    const azure = { account_name: 'ada', account_key: 'a2V5', container_name: 'shows' };
    expect(v1?.body).toMatchObject({
      file_outputs: [{ s3: { bucket: 'shows', secret: 'shh', proxy: { password: 'proxy-password' } } }],
      image_outputs: [{ capture_interval: 5, disable_manifest: true, azure }],
    });
    expect(v2?.body).toMatchObject({
      outputs: [{ storage: { s3: { bucket: 'shows' } } }, { images: { capture_interval: 5 }, storage: { azure } }],
    });
  });
  test('an entry that is not there any more is refused before anything is sent', async () => {
    const books = { address: async () => null, storage: async () => null };
    const stream: Outputs['stream'] = { protocol: 'rtmp', destinationIds: ['gone'] };
    await expect(secretsOf({ ...composite, outputs: { ...none, stream } }, books)).rejects.toMatchObject({
      problem: { code: 'unknown-entry', fault: 'yours', text: 'An address of this job is not in the address book.' },
    });
    const stored = { ...composite, outputs: { ...none, file: { ...file, storageId: 'gone' } } };
    await expect(secretsOf(stored, books)).rejects.toMatchObject({
      problem: { text: 'A storage of this job is not among the storage profiles.' },
    });
  });
  test('an address of another kind is refused without a word of it', () => {
    const outputs: Outputs = { ...none, stream: { protocol: 'rtmp', destinationIds: ['srt'] } };
    expect(() => forms({ ...composite, outputs })).toThrow(
      /^An address of this job cannot be that of an RTMP stream: it must begin with rtmp:\/\/ or rtmps:\/\/\.$/,
    );
  });
});

/** A list without entries and no list are the same message. */
function withoutEmptyLists(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmptyLists);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, one]) => !(Array.isArray(one) && one.length === 0))
      .map(([key, one]) => [key, withoutEmptyLists(one)]),
  );
}

describe('what a server ignored', () => {
  test('nothing is missing from what a real server repeats, but for the name that it did not know', () => {
    const starts = recordedStarts();
    expect(starts.length).toBeGreaterThan(20);
    const ignored = starts.flatMap(({ call, req, json }) => ignoredFields({ method: call, body: req }, json));
    expect(ignored).toEqual(['preset']);
  });
  test('fields that it does not know, names that it took for others, and nothing of an answer without the request', () => {
    const call: EgressCall = {
      method: 'StartRoomCompositeEgress',
      body: {
        room_name: 'r',
        audio_mixing: 'DUAL_CHANNEL_AGENT',
        file_outputs: [{ file_type: 'MP3', filepath: 'A_NAME', s3: { secret: 'SECRET' } }],
      },
    };
    const file = { file_type: 'DEFAULT_FILETYPE', filepath: 'A_NAME', s3: { secret: '{secret}' } };
    expect(ignoredFields(call, { room_composite: { room_name: 'r', file_outputs: [file] } })).toEqual([
      'audio_mixing',
      'file_outputs[0].file_type',
    ]);
    expect(ignoredFields(call, { egress_id: 'EG_1' })).toEqual([]);
  });
});
