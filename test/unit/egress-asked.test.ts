// What a job was asked for, read from what its server tells: recorded answers of a real server, and our own requests sent back.
import { describe, expect, test } from 'vitest';
import { usualTitle } from '../../src/core/jobs/job-title.ts';
import { orderedJob } from '../../src/core/jobs/new-job.ts';
import { viewOf } from '../../src/core/jobs/job-view.ts';
import { parseEgressInfo } from '../../src/core/livekit/egress-info.ts';
import { formV1 } from '../../src/core/livekit/egress-request/v1.ts';
import { formV2 } from '../../src/core/livekit/egress-request/v2.ts';
import type { EgressRequest } from '../../src/shared/model/job-request.ts';
import { isMixedWithoutBrowser, programRequest } from '../../src/shared/model/job-request.ts';
import { foundChoice } from '../../src/renderer/src/features/start/found-choice.ts';
import { orderOf } from '../../src/renderer/src/features/start/request-of.ts';
import { randomRequest, secrets } from '../support/egress-requests.ts';
import { recordedEgress } from '../support/traces.ts';

const everyRequest = (): EgressRequest[] => Array.from({ length: 300 }, (_each, seed) => randomRequest(seed));

/** Without folders of the egress host: those are told back as a part of each name. */
const uploads = { ...secrets, storage: (id: string) => secrets.storage(id === 'folder' ? 'azure' : id) };
const fieldOf = {
  StartRoomCompositeEgress: 'room_composite',
  StartWebEgress: 'web',
  StartParticipantEgress: 'participant',
  StartTrackCompositeEgress: 'track_composite',
  StartTrackEgress: 'track',
  StartEgress: 'egress',
} as const;

describe('what an egress was asked for', () => {
  test('is read from every recorded answer, without an address, a storage or a placeholder', () => {
    const infos = recordedEgress().flatMap((one) => one.infos);
    const kinds = new Set<string>();
    for (const info of infos) {
      const asked = parseEgressInfo(info)?.asked?.();
      expect(asked).toBeTruthy();
      kinds.add(asked?.request.kind ?? '');
      const text = JSON.stringify(asked);
      expect(text).not.toMatch(/:\/\/|passphrase|token=|access_key|\{secret\}|\{\w{1,3}\.\.\.\w{1,3}\}/);
    }
    expect([...kinds].toSorted()).toEqual(
      ['media', 'participant', 'room-composite', 'template', 'track', 'track-composite', 'web'].toSorted(),
    );
  });
  test('sound to a WebSocket is a feed of somebody, all else is a job', () => {
    for (const info of recordedEgress().flatMap((one) => one.infos))
      expect(parseEgressInfo(info)?.asked?.()?.isFeed).toBe(/"wss?:\/\//.test(JSON.stringify(info)));
  });
  test('fills the start panel again: what only the sender has is empty there and named, all else starts as it was', () => {
    const untold = new Set<string>();
    let same = 0;
    for (const request of everyRequest().map((each) => withoutIds(each) as EgressRequest)) {
      const found = foundChoice(request);
      expect(JSON.stringify(found.choice)).not.toContain('"elsewhere"');
      for (const what of found.untold) untold.add(what);
      const { order } = orderOf(found.choice); // null where something is to be picked first
      if (order === null || found.untold.includes('template') || isPassedThrough(request)) continue;
      expect(order.request).toEqual(withoutIgnored(request));
      same++;
    }
    expect(same).toBeGreaterThan(60);
    expect([...untold].toSorted()).toEqual(['addresses', 'page', 'storage', 'template', 'websocket']);
  });
  test('a request of every kind comes back as it was sent, but for what only the sender has', () => {
    let count = 0;
    for (const request of everyRequest())
      for (const form of [formV1('hall', request, uploads), formV2('hall', request, uploads)]) {
        if (!form) continue;
        const asked = parseEgressInfo({
          egress_id: 'EG_1',
          room_name: 'hall',
          [fieldOf[form.method]]: form.body,
        })?.asked?.();
        const isSame = asked?.request.kind === request.kind;
        if (isSame) expect(asked?.request).toEqual(withoutIds(request));
        else expect(asked, `${request.kind} by ${form.method}`).toBeTruthy();
        count++;
      }
    expect(count).toBeGreaterThan(15);
  });
  test('a web page is named by its host, without the path that may hold a token', () => {
    const asked = parseEgressInfo({
      egress_id: 'EG_1',
      web: { url: 'https://wall.example:8443/show?token=s3cret', file_outputs: [{ filepath: 'a' }] },
    })?.asked?.();
    expect(asked?.subject).toBe('wall.example:8443');
    expect(JSON.stringify(asked)).not.toContain('s3cret');
  });
  test('what makes no sense is nothing', () => {
    expect(parseEgressInfo({ egress_id: 'EG_1' })?.asked?.()).toBeNull();
    expect(parseEgressInfo({ egress_id: 'EG_1', track: { track_id: '' } })?.asked?.()).toBeNull();
    expect(parseEgressInfo({ egress_id: 'EG_1', egress: { outputs: 7 } })?.asked?.()).toBeNull();
  });
});

/** Channels are mixed apart only where no browser runs; elsewhere the server ignores the wish. */
const withoutIgnored = (request: EgressRequest): EgressRequest =>
  request.kind === 'room-composite' && !isMixedWithoutBrowser(request)
    ? { ...request, audioMixing: 'default' }
    : request;

/** The panel passes tracks through by `media` alone. */
const isPassedThrough = (request: EgressRequest): boolean =>
  request.kind !== 'media' && JSON.stringify(request).includes('pass-through');

/** Ids of the address book and of storages are not told by a server. */
function withoutIds(request: EgressRequest): unknown {
  return JSON.parse(JSON.stringify(request), (key, value: unknown) => {
    if (key === 'storageId') return null;
    if (key === 'destinationIds') return [];
    if (key === 'destinationId' || key === 'pageId') return 'elsewhere';
    if (key === 'templateId') return value === null ? null : 'elsewhere';
    return value;
  });
}

describe('a job', () => {
  const order = { serverId: 's', roomName: 'hall', mode: 'best' } as const;
  const stream: EgressRequest = {
    ...programRequest('a'),
    outputs: { file: null, stream: { protocol: 'rtmp', destinationIds: ['d'] }, segments: null, images: [] },
  };
  test('has the desk beside it only where the sound of the room stands in for it', () => {
    const hasDesk = (request: EgressRequest): boolean => orderedJob({ ...order, request }, 1).desk.at === 'opening';
    expect(hasDesk(programRequest('a'))).toBe(true);
    expect(hasDesk({ ...programRequest('a'), tracks: 'video' })).toBe(false);
    expect(hasDesk(stream)).toBe(false);
    for (const request of everyRequest())
      if (['web', 'participant', 'track', 'track-composite'].includes(request.kind))
        expect(hasDesk(request)).toBe(false);
  });
  test('of a web page is in no room', () => {
    const web = everyRequest().find((request) => request.kind === 'web');
    if (!web) throw new Error('no web request');
    expect(orderedJob({ ...order, request: web }, 1).roomName).toBe('');
    expect(usualTitle(web, { roomName: '', subject: 'wall.example' })).toMatch(/^(Recording|Stream) of wall.example$/);
  });
  test('of a stream says what is on air, and one of segments how many there are', () => {
    const job = orderedJob({ ...order, request: stream, mode: 'egress-only' }, 1);
    const one = { startedAtMs: 1, endedAtMs: null, error: '', retries: 0, lastRetryAtMs: null };
    const results = {
      files: [],
      segments: [],
      images: [],
      streams: [
        { url: 'rtmp://a/live/{k...y}', status: 'active' as const, ...one },
        { url: 'rtmp://b/live/{k...y}', status: 'failed' as const, ...one },
      ],
      manifestLocation: '',
      isInBackupStorage: false,
    };
    const known = { egressId: 'EG_1', updatedAtNs: '1', mediaStartedAtMs: 2, results };
    const active = { ...job, phase: 'recording', egress: { at: 'active', ...known } } as const;
    expect(viewOf(active).text).toBe('On air: 1 of 2 addresses.');
    const hls = { playlistName: 'a.m3u8', playlistLocation: '', livePlaylistLocation: '', bytes: 9, durationMs: 8_000 };
    const segments = { ...results, streams: [], segments: [{ ...hls, segmentCount: 2 }] };
    const recording = viewOf({
      ...active,
      request: programRequest('a'),
      egress: { at: 'active', ...known, results: segments },
    });
    expect(recording.text).toBe('The server records, 2 segments so far.');
  });
});
