import { describe, expect, test } from 'vitest';
import { planJob } from '../../src/core/jobs/plan/plan-job.ts';
import { checkRequest } from '../../src/shared/checks/check-request.ts';
import type { CheckContext, Finding } from '../../src/shared/checks/finding.ts';
import { JobRequest } from '../../src/shared/model/job-request.ts';
import type { Track } from '../../src/shared/model/room.ts';
import { randomRequest } from '../support/egress-requests.ts';

const file = { fileType: 'mp4', filePath: 'a-{time}-{retry}', hasManifest: true, storageId: null };
const rtmp = { protocol: 'rtmp', destinationIds: ['d'] };
const hls = {
  filenamePrefix: 'hls/part',
  playlistName: 'hls/index.m3u8',
  livePlaylistName: '',
  segmentDurationS: 4,
  filenameSuffix: 'index',
  hasManifest: true,
  storageId: null,
};
const images = {
  captureIntervalS: 10,
  width: 0,
  height: 0,
  filenamePrefix: 'i',
  filenameSuffix: 'index',
  hasManifest: true,
  storageId: null,
};
const out = (of: object) => ({ file: null, stream: null, segments: null, images: [], ...of });
const usual = { encoding: { use: 'default' }, outputs: out({ file }) };
const advanced = (of: object) => ({
  use: 'advanced',
  width: 0,
  height: 0,
  depth: 0,
  framerateFps: 0,
  videoCodec: 'default',
  videoBitrateKbps: 0,
  keyFrameIntervalS: 0,
  audioCodec: 'default',
  audioBitrateKbps: 0,
  audioFrequencyHz: 0,
  ...of,
});
const room = (of: object = {}) => ({
  kind: 'room-composite',
  layout: 'grid',
  tracks: 'both',
  audioMixing: 'default',
  templateId: null,
  ...usual,
  ...of,
});
const sound = (of: object = {}) => room({ layout: '', tracks: 'audio', ...of });
const person = (of: object = {}) => ({ kind: 'participant', identity: 'ada', screenShare: false, ...usual, ...of });
const oneTrack = (of: object = {}) => ({
  kind: 'track-composite',
  audioTrackSid: null,
  videoTrackSid: 'TR_V',
  ...usual,
  ...of,
});
const media = (of: object = {}) => ({
  kind: 'media',
  video: { by: 'none' },
  audio: { by: 'everybody' },
  output: { to: 'websocket', destinationId: 'd' },
  ...of,
});
const track = (of: Partial<Track> = {}): Track => ({
  sid: 'TR_V',
  kind: 'video',
  source: 'camera',
  name: '',
  isMuted: false,
  isEncrypted: false,
  ...of,
});
const withTrack = (of: Partial<Track> = {}): CheckContext => ({ people: [{ identity: 'ada', tracks: [track(of)] }] });
const check = (request: object, context: CheckContext = {}): readonly Finding[] =>
  checkRequest(JobRequest.parse(request), context);

test.each<[string, object, CheckContext?]>([
  ['the usual room composite', room()],
  ['the sound of a room as OGG', sound({ outputs: out({ file: { ...file, fileType: 'ogg' } }) })],
  ['all outputs at once', room({ outputs: out({ file, stream: rtmp, segments: hls, images: [images] }) })],
  [
    'a stream that waits for its addresses beside a file',
    room({ outputs: out({ file, stream: { ...rtmp, destinationIds: [] } }) }),
  ],
  [
    'a size, AAC at 48 kHz and key frames every 2 s',
    room({
      encoding: advanced({
        width: 1280,
        height: 720,
        depth: 24,
        keyFrameIntervalS: 2,
        audioCodec: 'aac',
        audioFrequencyHz: 48_000,
      }),
      outputs: out({ stream: rtmp }),
    }),
  ],
  ['the sound of everybody to a WebSocket', media()],
  [
    'a name without {retry} at a server that does not try again',
    room({ outputs: out({ file: { ...file, filePath: 'a' } }) }),
    { serverKind: 'self-hosted' },
  ],
  ['a person who is there', person({ outputs: out({ stream: rtmp }) }), withTrack({ codec: 'video/VP8' })],
])('%s is all right', (_what, request, context) => {
  expect(check(request, context)).toEqual([]);
});

/** [what, request, field, words, what the server says or does of it]. */
const refused: readonly [string, object, string, string, CheckContext?][] = [
  // request has missing or invalid field: output
  ['no output', room({ outputs: out({}) }), 'outputs', 'a file, a stream'],
  // ... stream url
  [
    'a stream alone without an address',
    room({ outputs: out({ stream: { ...rtmp, destinationIds: [] } }) }),
    'outputs.stream',
    'needs an address',
  ],
  // the first entry can no longer be removed
  [
    'an address twice',
    room({ outputs: out({ stream: { ...rtmp, destinationIds: ['d', 'd'] } }) }),
    'outputs.stream.destinationIds',
    'there twice',
  ],
  // no supported codec is compatible with all outputs
  [
    'OGG with a picture',
    room({ outputs: out({ file: { ...file, fileType: 'ogg' } }) }),
    'outputs.file.fileType',
    'OGG holds sound only',
  ],
  [
    'MP3 of a person',
    person({ outputs: out({ file: { ...file, fileType: 'mp3' } }) }),
    'outputs.file.fileType',
    'always makes room',
  ],
  // format audio/ogg incompatible with codec audio/aac
  [
    'OGG beside RTMP',
    sound({ outputs: out({ file: { ...file, fileType: 'ogg' }, stream: rtmp }) }),
    'outputs.file.fileType',
    'An OGG file and an RTMP stream cannot',
  ],
  [
    'MP3 beside HLS',
    sound({ outputs: out({ file: { ...file, fileType: 'mp3' }, segments: hls }) }),
    'outputs.file.fileType',
    'An MP3 file and HLS cannot',
  ],
  [
    'Opus to RTMP',
    sound({ encoding: advanced({ audioCodec: 'opus' }), outputs: out({ stream: rtmp }) }),
    'encoding.audioCodec',
    'An RTMP stream takes no OPUS, but AAC',
  ],
  // ... audio_only images
  ['images of sound', sound({ outputs: out({ file, images: [images] }) }), 'outputs.images', 'no picture'],
  // ... width / height
  [
    'an odd width',
    room({ encoding: advanced({ width: 641, height: 360 }) }),
    'encoding.width',
    'even, and at least 16',
  ],
  [
    'a height of 8',
    room({ encoding: advanced({ width: 640, height: 8 }) }),
    'encoding.height',
    'even, and at least 16',
  ],
  ['a depth of 12', room({ encoding: advanced({ depth: 12 }) }), 'encoding.depth', '8, 16 or 24'],
  [
    'one name for both playlists',
    room({ outputs: out({ segments: { ...hls, livePlaylistName: 'hls/index' } }) }),
    'outputs.segments.livePlaylistName',
    'another name',
  ],
  [
    'a live playlist elsewhere',
    room({ outputs: out({ segments: { ...hls, livePlaylistName: 'live.m3u8' } }) }),
    'outputs.segments.livePlaylistName',
    'same folder',
  ],
  // ... audio_track_id or video_track_id
  ['track composite of nothing', oneTrack({ videoTrackSid: null }), 'videoTrackSid', 'a sound, a picture, or both'],
  // ... audio or video
  ['media of nothing', media({ audio: { by: 'none' } }), 'audio', 'a sound, a picture, or both'],
  // the handler crashes: exit status 2
  [
    'media with a picture to a WebSocket',
    media({ video: { by: 'track', trackSid: 'TR_V' } }),
    'video',
    'the egress worker crashes',
  ],
  [
    'a template with a picture to a WebSocket',
    { kind: 'template', layout: '', tracks: 'both', templateId: null, output: { to: 'websocket', destinationId: 'd' } },
    'tracks',
    'the egress worker crashes',
  ],
  // format websocket incompatible with codec video/vp8
  [
    'a picture to a WebSocket',
    { kind: 'track', trackSid: 'TR_V', output: { to: 'websocket', destinationId: 'd' } },
    'trackSid',
    'this track is a picture',
    withTrack(),
  ],
  // video/av1 is not yet supported
  ['AV1 by itself', oneTrack(), 'videoTrackSid', 'cannot take AV1', withTrack({ codec: 'video/AV1' })],
  ['H.265 of a person', person(), 'identity', 'cannot take H265', withTrack({ codec: 'video/H265' })],
  // ... passthrough
  ['a room as it comes', room({ encoding: { use: 'pass-through' } }), 'encoding', 'one fixed track'],
  ['a track as it comes, as MP4', oneTrack({ encoding: { use: 'pass-through' } }), 'outputs', 'exactly one file'],
  [
    'what lies inside the output of media',
    media({ output: { to: 'outputs', encoding: advanced({ width: 11, height: 16 }), outputs: out({ file }) } }),
    'output.encoding.width',
    'even',
  ],
];
test.each(refused)('%s is refused', (_what, request, field, words, context) => {
  const found = check(request, context).filter(({ severity }) => severity === 'refuse');
  expect(found).toEqual([{ field, severity: 'refuse', text: expect.stringContaining(words) as string }]);
});

const warned: readonly [string, object, string, string, CheckContext?][] = [
  [
    'key frames every 6 s to RTMP',
    room({ encoding: advanced({ keyFrameIntervalS: 6 }), outputs: out({ stream: rtmp }) }),
    'encoding.keyFrameIntervalS',
    'More than 4 s',
  ],
  [
    'key frames of segments',
    room({ encoding: advanced({ keyFrameIntervalS: 2 }), outputs: out({ segments: hls }) }),
    'encoding.keyFrameIntervalS',
    'not used',
  ],
  [
    '44.1 kHz in OGG',
    sound({ encoding: advanced({ audioFrequencyHz: 44_100 }), outputs: out({ file: { ...file, fileType: 'ogg' } }) }),
    'encoding.audioFrequencyHz',
    'Opus is always 48 kHz',
  ],
  [
    '44.1 kHz in AAC',
    room({ encoding: advanced({ audioFrequencyHz: 44_100 }) }),
    'encoding.audioFrequencyHz',
    '48 kHz keeps it',
  ],
  ['a width without a height', room({ encoding: advanced({ width: 640 }) }), 'encoding.height', 'takes 720'],
  ['a size of sound', sound({ encoding: advanced({ width: 640, height: 360 }) }), 'encoding', 'picture is not used'],
  [
    'a bit rate of no sound',
    room({ tracks: 'video', encoding: advanced({ audioBitrateKbps: 96 }) }),
    'encoding',
    'sound is not used',
  ],
  [
    'a preset of sound',
    sound({ encoding: { use: 'preset', preset: 'H264_1080P_30' } }),
    'encoding',
    'about the picture',
  ],
  ['two channels with a layout', room({ audioMixing: 'dual-channel-agent' }), 'audioMixing', 'not used here'],
  ['a layout that nobody knows', room({ layout: 'mosaic' }), 'layout', 'shows the grid'],
  [
    'a page that has to say when',
    { kind: 'web', pageId: 'p', tracks: 'both', awaitStartSignal: true, ...usual },
    'awaitStartSignal',
    'START_RECORDING',
  ],
  [
    'the usual file of a person',
    person({ outputs: out({ file: { ...file, fileType: 'default' } }) }),
    'outputs.file.fileType',
    'becomes MP4',
  ],
  [
    'several sets of images with keys',
    room({ outputs: out({ images: [images, { ...images, storageId: 's' }] }) }),
    'outputs.images',
    'shows the keys',
  ],
  [
    'a name of another type',
    room({ outputs: out({ file: { ...file, filePath: 'a-{retry}.ogg' } }) }),
    'outputs.file.filePath',
    'becomes .mp4',
  ],
  [
    'a name without {retry}',
    room({ outputs: out({ file: { ...file, filePath: 'a-{time}' } }) }),
    'outputs.file.filePath',
    'Without {retry}',
  ],
  [
    'a blank name',
    room({ outputs: out({ file: { ...file, filePath: '  ' } }) }),
    'outputs.file.filePath',
    'blank',
    { serverKind: 'local' },
  ],
  [
    'a name that the kind does not fill in',
    room({ outputs: out({ file: { ...file, filePath: '{track_id}{retry}' } }) }),
    'outputs.file.filePath',
    '{track_id}',
  ],
  [
    'the room in the name of a page',
    {
      kind: 'web',
      pageId: 'p',
      tracks: 'both',
      awaitStartSignal: false,
      ...usual,
      outputs: out({ segments: { ...hls, filenamePrefix: '{room_name}' } }),
    },
    'outputs.segments.filenamePrefix',
    '{room_name}',
  ],
  [
    'a track as it comes',
    oneTrack({ encoding: { use: 'pass-through' }, outputs: out({ file: { ...file, fileType: 'default' } }) }),
    'encoding',
    '720p recording instead',
  ],
  ['a person who is not there', person(), 'identity', '30 s', { people: [] }],
  [
    'a track that is not there',
    { kind: 'track', trackSid: 'TR_gone', output: { to: 'websocket', destinationId: 'd' } },
    'trackSid',
    '30 s',
    withTrack({ kind: 'audio' }),
  ],
  ['somebody who is encrypted', room(), 'kind', 'has no key', withTrack({ isEncrypted: true })],
  [
    'a file on LiveKit Cloud without a storage',
    room(),
    'outputs.file.storageId',
    'keeps no files',
    { serverKind: 'cloud' },
  ],
];
test.each(warned)('%s is warned of', (_what, request, field, words, context) => {
  expect(check(request, context)).toEqual([
    { field, severity: 'warn', text: expect.stringContaining(words) as string },
  ]);
});

describe('what becomes of findings', () => {
  const input = {
    mode: 'best',
    request: JobRequest.parse(room()),
    roomName: 'hall',
    people: [],
    roomExists: true,
    server: { kind: 'local', egress: 'present' },
    sessions: { inUse: null, limit: null, source: 'unknown' },
    startsHere: {},
    worker: null,
    lengths: [],
    prices: { currency: 'USD', transcodedMinute: null, trackMinute: null },
    diskFreeBytes: null,
    recordingsFolder: '/r',
  } as const;
  test('the plan carries warnings, and does not start what would be refused', () => {
    const findings = check(room({ audioMixing: 'dual-channel-agent' }));
    expect(planJob({ ...input, findings }).warnings.join()).toContain('not used here');
    const refusals = check(room({ outputs: out({}) }));
    expect(planJob({ ...input, findings: refusals })).toMatchObject({
      verdict: 'none',
      warnings: [expect.stringContaining('Choose what it makes') as string],
    });
  });
  test('every finding names a field of the request, and ends as a sentence', () => {
    for (let seed = 0; seed < 1_000; seed += 1) {
      const request = randomRequest(seed);
      for (const { field, text } of checkRequest(request, { people: [], serverKind: 'cloud' })) {
        let at: unknown = request;
        for (const part of field.split('.')) {
          expect(at, `${field} of seed ${seed}`).toHaveProperty(part);
          at = (at as Record<string, unknown>)[part];
        }
        expect(text).toMatch(/^[A-Z].*\.$/);
      }
    }
  });
});
