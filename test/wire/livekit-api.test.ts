import {
  ListEgressRequest,
  StopEgressRequest,
  TrackEgressRequest,
  UpdateLayoutRequest,
  UpdateStreamRequest,
} from '@livekit/protocol';
import { TokenVerifier } from 'livekit-server-sdk';
import { readFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { afterEach, describe, expect, test } from 'vitest';
import { LiveKitApi } from '../../src/core/livekit/api.ts';
import type { EgressWatcher } from '../../src/core/livekit/egress-watcher.ts';
import type { EgressCall, EgressForms } from '../../src/core/livekit/egress-request/forms.ts';
import { systemClock, type Clock } from '../../src/core/live/clock.ts';
import { createLog } from '../../src/core/live/log.ts';
import { problemOf } from '../../src/shared/model/problem-error.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { openScriptedHttp, sendJson, type Script, type ScriptedHttp } from '../support/scripted-http.ts';

const apiSecret = 'a-secret-of-thirty-six-chars-0123456';
const lines: string[] = [];
const log = createLog((line) => lines.push(line), { level: 'debug' });
const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
  expect(lines.join()).not.toMatch(/eyJ|a-secret/);
});
function openApi(url: string, clock: Clock = systemClock): LiveKitApi {
  const api = new LiveKitApi({ url, apiKey: 'devkey', apiSecret, clock, log });
  opened.push(() => api.close());
  return api;
}
async function openBoth(
  script: Script,
  options?: { readonly tls?: boolean },
): Promise<{ server: ScriptedHttp; api: LiveKitApi }> {
  const server = await openScriptedHttp(script, options);
  opened.push(() => server.close());
  return { server, api: openApi(server.url) };
}
const fault = async (work: Promise<unknown>): Promise<ReturnType<typeof problemOf>> =>
  work.then(
    () => expect.fail('it was not refused'),
    (error: unknown) => problemOf(error),
  );

const composite: EgressCall = {
  method: 'StartRoomCompositeEgress',
  body: { room_name: 'hall', layout: 'speaker', file_outputs: [{ filepath: '{room_name}-{time}' }] },
};
const template: EgressForms['v2'] = {
  method: 'StartEgress',
  body: { room_name: 'hall', template: { layout: 'speaker' }, outputs: [{ file: { filepath: '{room_name}-{time}' } }] },
};

describe('what is sent', () => {
  test('the official library accepts the token of each call, and it allows that call only', async () => {
    const { server, api } = await openBoth((request, response) =>
      sendJson(
        response,
        200,
        request.path.endsWith('ListEgress')
          ? { items: [] }
          : request.path.includes('Egress')
            ? { egress_id: 'EG_1' }
            : {},
      ),
    );
    await api.listRooms();
    await api.listPeople('hall');
    await api.listEgress({ isActive: true });
    await api.startEgress({ first: 'v1', v1: composite });
    await api.updateStream({ egressId: 'EG_1', addUrls: ['rtmp://a/live/k2'], removeUrls: ['rtmp://a/live/k1'] });
    await api.updateLayout('EG_1', 'grid');
    await api.startTrackEgress({ roomName: 'hall', trackSid: 'TR_1', websocketUrl: 'ws://127.0.0.1:1/e/token' });
    await api.stopEgress('EG_1');
    const grants = [];
    for (const { headers } of server.requests) {
      const claims = await new TokenVerifier('devkey', apiSecret).verify(
        headers.authorization?.replace('Bearer ', '') ?? '',
      );
      grants.push(claims.video);
    }
    expect(grants).toEqual([
      { roomList: true },
      { roomAdmin: true, room: 'hall' },
      { roomRecord: true },
      { roomRecord: true },
      { roomRecord: true },
      { roomRecord: true },
      { roomRecord: true },
      { roomRecord: true },
    ]);
    const bodyOf = (method: string): string =>
      server.requests.find((request) => request.path.endsWith(method))?.body ?? '';
    expect(JSON.parse(bodyOf('StartRoomCompositeEgress'))).toEqual(composite.body);
    expect(UpdateStreamRequest.fromJsonString(bodyOf('UpdateStream'))).toMatchObject({
      egressId: 'EG_1',
      addOutputUrls: ['rtmp://a/live/k2'],
      removeOutputUrls: ['rtmp://a/live/k1'],
    });
    expect(UpdateLayoutRequest.fromJsonString(bodyOf('UpdateLayout'))).toMatchObject({
      egressId: 'EG_1',
      layout: 'grid',
    });
    const track = TrackEgressRequest.fromJsonString(bodyOf('StartTrackEgress'));
    expect(track).toMatchObject({
      roomName: 'hall',
      trackId: 'TR_1',
      output: { case: 'websocketUrl', value: 'ws://127.0.0.1:1/e/token' },
    });
    expect(JSON.parse(bodyOf('ListEgress'))).toEqual({ active: true });
  });

  test('calls of one kind share a token for a minute, and none that is not valid yet', async () => {
    const { server } = await openBoth((_request, response) => sendJson(response, 200, {}));
    const clock = new FakeClock();
    const api = openApi(server.url, clock);
    for (const passMs of [0, 59_000, 2_000]) {
      await clock.advance(passMs);
      await api.listRooms();
    }
    await api.listPeople('hall');
    await api.listRooms();
    await clock.advance(-3_600_000);
    await api.listRooms();
    const tokens = server.requests.map(({ headers }) => headers.authorization);
    const firstSeenAt = tokens.map((token) => tokens.indexOf(token));
    expect(firstSeenAt).toEqual([0, 0, 2, 3, 2, 5]);
  });

  test('each field of the other calls of egress is sent, but for those that are listed with the reason', async () => {
    const pages = [{ token: 'more' }, null];
    const { server, api } = await openBoth((request, response) =>
      sendJson(
        response,
        200,
        request.path.endsWith('ListEgress') ? { items: [], next_page_token: pages.shift() } : { egress_id: 'EG_1' },
      ),
    );
    await api.listEgress({ roomName: 'hall', isActive: true });
    await api.updateStream({ egressId: 'EG_1', addUrls: ['rtmp://a/live/k2'], removeUrls: ['rtmp://a/live/k1'] });
    await api.updateLayout('EG_1', 'grid');
    await api.stopEgress('EG_1');
    const doc = await readFile('docs/egress-fields.md', 'utf8');
    for (const type of [ListEgressRequest, UpdateStreamRequest, UpdateLayoutRequest, StopEgressRequest]) {
      const name = type.typeName.replace('livekit.', '');
      const bodies = server.requests.filter(({ path }) => path.endsWith(name.replace('Request', '')));
      const sent = new Set(bodies.flatMap(({ body }) => Object.keys(JSON.parse(body) as object)));
      for (const field of type.fields.list())
        expect([field.name, sent.has(field.name)]).toEqual([
          field.name,
          !doc.includes(`| \`${name}.${field.name}\` |`),
        ]);
    }
  });

  test('our listener is hidden, an agent, and says nothing', async () => {
    const { url, token } = openApi('https://studio.example/x').listenerTicket('hall', 'cuedesk-1');
    expect(url).toBe('wss://studio.example');
    const claims = await new TokenVerifier('devkey', apiSecret).verify(token);
    expect(claims).toMatchObject({ sub: 'cuedesk-1', iss: 'devkey' });
    expect(claims.video).toEqual({
      roomJoin: true,
      room: 'hall',
      hidden: true,
      agent: true,
      canSubscribe: true,
      canPublish: false,
      canPublishData: true,
    });
  });

  test('an equal answer is not read again', async () => {
    const { server, api } = await openBoth((_request, response) =>
      sendJson(response, 200, { participants: [{ sid: 'PA', identity: 'ada' }] }),
    );
    const first = await api.listPeople('hall');
    expect(await api.listPeople('hall', undefined, first)).toBe(first);
    server.script = (_request, response) => sendJson(response, 200, { participants: [] });
    expect((await api.listPeople('hall', undefined, first)).people).toEqual([]);
  });

  test('connections are kept for lists, fresh for starts, and gone after the end', async () => {
    const { server, api } = await openBoth((request, response) =>
      sendJson(response, 200, request.path.includes('Start') ? { egress_id: 'EG' } : {}),
    );
    await api.listRooms();
    await api.listRooms();
    expect(new Set(server.requests.map((request) => request.port)).size).toBe(1);
    await api.startTrackEgress({ roomName: 'r', trackSid: 't', websocketUrl: 'ws://x' });
    expect(new Set(server.requests.map((request) => request.port)).size).toBe(2);
    server.dropAll();
    await api.listRooms();
    await api.close();
    while (server.sockets() > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  });
});

describe('a server that does not know StartEgress', () => {
  test('takes the older request that says the same, is remembered, and is asked again after ten minutes', async () => {
    let isNew = false;
    const server = await openScriptedHttp((request, response) =>
      request.path.endsWith('/StartEgress') && !isNew
        ? sendJson(response, 404, { code: 'bad_route', msg: `no handler for path "${request.path}"` })
        : sendJson(response, 200, { egress_id: 'EG_1' }),
    );
    opened.push(() => server.close());
    let nowMs = 0;
    const clock = { ...systemClock, monotonicMs: () => nowMs };
    const api = new LiveKitApi({ url: server.url, apiKey: 'devkey', apiSecret, clock, log });
    opened.push(() => api.close());
    const calls = (): string[] => server.requests.splice(0).map(({ path }) => path.split('/').at(-1) ?? '');
    await api.startEgress({ first: 'v2', v1: composite, v2: template });
    expect(calls()).toEqual(['StartEgress', 'StartRoomCompositeEgress']);
    await api.startEgress({ first: 'v2', v1: composite, v2: template });
    expect(calls()).toEqual(['StartRoomCompositeEgress']);
    expect(await fault(api.startEgress({ first: 'v2', v2: template }))).toMatchObject({
      code: 'needs-newer-server',
      retryable: false,
    });
    calls();
    isNew = true;
    nowMs += 10 * 60_000;
    await api.startEgress({ first: 'v2', v1: composite, v2: template });
    expect(calls()).toEqual(['StartEgress']);
  });

  test('another refusal of StartEgress starts nothing else', async () => {
    const { server, api } = await openBoth((_request, response) =>
      sendJson(response, 404, { code: 'not_found', msg: 'twirp error unknown: requested room does not exist' }),
    );
    expect(await fault(api.startEgress({ first: 'v2', v1: composite, v2: template }))).toMatchObject({
      code: 'no-such-room',
    });
    expect(server.requests).toHaveLength(1);
  });
});

describe('who counts egress', () => {
  test('is told of each start and what came of it, of stops, and of whole lists', async () => {
    const server = await openScriptedHttp((request, response) =>
      request.path.endsWith('StartWebEgress')
        ? sendJson(response, 429, { code: 'resource_exhausted', msg: 'concurrent egress sessions limit exceeded' })
        : sendJson(response, 200, request.path.endsWith('List') ? { items: [] } : { egress_id: 'EG_1', items: [] }),
    );
    opened.push(() => server.close());
    const told: string[] = [];
    const watcher: EgressWatcher = {
      startAsked: (kind) => ({
        began: ({ egressId }) => told.push(`${kind} began as ${egressId}`),
        refused: ({ code }) => told.push(`${kind} was refused: ${code}`),
      }),
      stopAsked: (egressId) => told.push(`stop of ${egressId}`),
      listed: (list) => told.push(`${list.length} listed`),
    };
    const api = new LiveKitApi({ url: server.url, apiKey: 'devkey', apiSecret, watcher, clock: systemClock, log });
    opened.push(() => api.close());
    await api.startEgress({ first: 'v2', v1: composite, v2: template });
    await fault(api.startEgress({ first: 'v1', v1: { method: 'StartWebEgress', body: { url: 'http://x' } } }));
    await api.startTrackEgress({ roomName: 'r', trackSid: 't', websocketUrl: 'ws://x' });
    const calledOff = new AbortController();
    calledOff.abort(new Error('changed my mind'));
    await expect(api.startEgress({ first: 'v1', v1: composite }, calledOff.signal)).rejects.toThrow('changed my mind');
    await api.stopEgress('EG_1');
    await api.listEgress({ isActive: true }); // a part of them says nothing of the others
    await api.listEgress();
    expect(told).toEqual([
      'template began as EG_1',
      'web was refused: egress-limit',
      'track began as EG_1',
      'stop of EG_1',
      '0 listed',
    ]);
  });
});

describe('a server that silently ignores parts of a request', () => {
  test('what its answer does not repeat is told, and a track that it would encode is stopped', async () => {
    let echo: object = { preset: 'H264_720P_30', outputs: [{ file: { filepath: 'a' }, storage: null }] };
    const { server, api } = await openBoth((_request, response) =>
      sendJson(response, 200, { egress_id: 'EG_1', egress: { room_name: 'r', ...echo } }),
    );
    const asItComes: EgressForms['v2'] = {
      method: 'StartEgress',
      body: { room_name: 'r', preset: 'PASSTHROUGH', outputs: [{ file: { filepath: 'a' } }] },
    };
    expect(await fault(api.startEgress({ first: 'v2', v2: asItComes }))).toMatchObject({ code: 'needs-newer-server' });
    expect(server.requests.map(({ path }) => path.split('/').at(-1))).toEqual(['StartEgress', 'StopEgress']);
    echo = { preset: 'PASSTHROUGH', outputs: [] };
    expect((await api.startEgress({ first: 'v2', v2: asItComes })).ignored).toEqual(['outputs[0]']);
  });
});

describe('what comes back', () => {
  test('a stop twice is harmless', async () => {
    const { server, api } = await openBoth((_request, response) =>
      sendJson(response, 412, {
        code: 'failed_precondition',
        msg: 'egress with status EGRESS_COMPLETE cannot be stopped',
      }),
    );
    expect(await api.stopEgress('EG_1')).toBeNull();
    server.script = (_request, response) =>
      sendJson(response, 404, { code: 'not_found', msg: 'twirp error unknown: egress does not exist' });
    expect(await api.stopEgress('EG_1')).toBeNull();
    server.script = (_request, response) =>
      sendJson(response, 408, { code: 'deadline_exceeded', msg: 'twirp error unknown: request timed out' });
    expect(await fault(api.stopEgress('EG_1'))).toMatchObject({ code: 'worker-silent', retryable: true });
  });
  test('a job that cannot be read hides no other, and is not gone', async () => {
    const { api } = await openBoth((_request, response) =>
      sendJson(response, 200, {
        items: [{ egress_id: 'EG_1', status: 'EGRESS_NEW' }, { egress_id: 'EG_2' }, { status: 'EGRESS_NEW' }, 7],
        next_page_token: null,
      }),
    );
    expect((await api.listEgress()).map((one) => [one.egressId, one.status])).toEqual([
      ['EG_1', 'unknown'],
      ['EG_2', 'starting'],
    ]);
  });

  test('a list that comes in parts is read whole, or not at all', async () => {
    const { server, api } = await openBoth((request, response) => {
      const { page_token: asked } = JSON.parse(request.body) as { page_token?: { token: string } };
      if (asked) sendJson(response, 200, { items: [{ egress_id: 'EG_2' }], next_page_token: null });
      else sendJson(response, 200, { items: [{ egress_id: 'EG_1' }], next_page_token: { token: 'more' } });
    });
    expect((await api.listEgress()).map((one) => one.egressId)).toEqual(['EG_1', 'EG_2']);
    server.script = (_request, response) =>
      sendJson(response, 200, { items: [{ egress_id: 'EG_1' }], next_page_token: { token: 'more' } });
    expect(await fault(api.listEgress())).toMatchObject({ code: 'list-endless', retryable: true });
  });

  const text =
    (status: number, type: string, body: string): Script =>
    (_request, response) => {
      response.writeHead(status, { 'content-type': type });
      response.end(body);
    };
  test.each<[string, Script, string]>([
    [
      'a wrong secret',
      (request, response) =>
        text(
          401,
          'text/plain',
          `invalid token: ${request.headers.authorization?.slice(7)}, error: token signature is invalid`,
        )(request, response),
      'wrong-secret',
    ],
    ['a wrong key', text(401, 'text/plain', 'invalid API key: devkey'), 'wrong-key'],
    ['a page of another server', text(200, 'text/html', '<!doctype html><p>Welcome'), 'not-livekit'],
    ['JSON of another server', (_request, response) => sendJson(response, 200, { rooms: 'none' }), 'not-understood'],
    ['no JSON', text(200, 'application/json', '<'), 'not-understood'],
    ['a page of a proxy', text(502, 'text/html', '<html>Bad Gateway'), 'proxy-error'],
    [
      'a redirect',
      (_request, response) => {
        response.writeHead(301, { location: 'https://x.example' });
        response.end();
      },
      'not-livekit',
    ],
    [
      'an endless answer',
      (_request, response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        const more = (): void => {
          while (!response.destroyed && response.write(Buffer.alloc(1 << 20)));
        };
        response.on('drain', more);
        more();
      },
      'answer-too-large',
    ],
    ['a hung-up', (_request, response) => void response.socket?.destroy(), 'reset'],
    [
      'a hung-up in the answer',
      (_request, response) => {
        response.writeHead(200, { 'content-length': '99' });
        response.write('{');
        setImmediate(() => response.socket?.destroy());
      },
      'reset',
    ],
  ])('%s', async (_what, script, code) => {
    const { api } = await openBoth(script);
    const problem = await fault(api.listRooms());
    expect(problem.code).toBe(code);
    expect(JSON.stringify(problem)).not.toContain('eyJ');
  });

  test('nobody there', async () => {
    const { server, api } = await openBoth(() => {});
    await server.close();
    expect(await fault(api.listRooms())).toMatchObject({
      code: 'not-listening',
      retryable: true,
      text: `Nobody listens at 127.0.0.1:${server.port}.`,
    });
    expect(await fault(openApi('http://no-such-host.invalid').listRooms())).toMatchObject({
      code: expect.stringMatching(/no-such-host|no-name-service/) as string,
    });
  });
  test('TLS to a plain port, a plain call to a TLS port, a certificate of nobody, and no HTTP at all', async () => {
    const { server: plain } = await openBoth(() => {});
    expect(await fault(openApi(plain.url.replace('http', 'https')).listRooms())).toMatchObject({
      code: 'tls-to-plain',
    });
    const { server: tls, api } = await openBoth(() => {}, { tls: true });
    expect(await fault(api.listRooms())).toMatchObject({ code: 'certificate' });
    expect((await fault(openApi(tls.url.replace('https', 'http')).listRooms())).code).toMatch(/reset|not-livekit/);
    const odd = createServer((socket) => socket.end('SSH-2.0-x\r\n')).listen(0, '127.0.0.1');
    await once(odd, 'listening');
    expect(await fault(openApi(`http://127.0.0.1:${(odd.address() as AddressInfo).port}`).listRooms())).toMatchObject({
      code: 'not-livekit',
    });
    odd.close();
  });
  test('a server that hangs is given up after 5 s, and at once when nobody waits any more', async () => {
    const { server, api } = await openBoth(() => {});
    const stop = new AbortController();
    const waiting = api.listRooms(stop.signal);
    const limited = fault(api.listEgress());
    while (server.requests.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    stop.abort(new Error('changed my mind'));
    await expect(waiting).rejects.toThrow('changed my mind');
    expect(await limited).toMatchObject({
      code: 'no-answer',
      text: `127.0.0.1:${server.port} did not answer within 5 s.`,
    });
  });
  test('an address or a key that cannot be is refused before anything is sent', () => {
    expect(() => openApi('studio.example')).toThrow('no scheme');
    expect(() => new LiveKitApi({ url: 'ws://x', apiKey: '', apiSecret, clock: systemClock, log })).toThrow('empty');
  });
});
