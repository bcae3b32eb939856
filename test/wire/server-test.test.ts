import { afterEach, describe, expect, test } from 'vitest';
import { testServer } from '../../src/core/livekit/server-test.ts';
import { systemClock, type Clock } from '../../src/core/live/clock.ts';
import { silentLog } from '../../src/core/live/log.ts';
import type { CheckId, ServerCheck } from '../../src/shared/model/server.ts';
import { openScriptedHttp, sendJson, type Script, type ScriptedHttp } from '../support/scripted-http.ts';
import { apiKey, openTwoPeople } from '../support/two-people.ts';

const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

async function standIn(hasEgress: boolean): Promise<string> {
  const server = await openTwoPeople({ hasEgress });
  opened.push(server.close);
  return server.url;
}
async function scripted(script: Script, options?: { readonly tls?: boolean }): Promise<ScriptedHttp> {
  const server = await openScriptedHttp(script, options);
  opened.push(() => server.close());
  return server;
}
async function run(
  url: string,
  options: { readonly key?: string; readonly secret?: string; readonly clock?: Clock } = {},
) {
  const { checks } = await testServer({
    url,
    apiKey: options.key ?? apiKey.key,
    apiSecret: options.secret ?? apiKey.secret,
    clock: options.clock ?? systemClock,
    log: silentLog,
  });
  expect(checks.map((check) => check.id)).toEqual([
    'address',
    'tls',
    'clock',
    'key',
    'secret',
    'rights',
    'egress',
    'version',
  ]);
  expect(JSON.stringify(checks)).not.toMatch(/eyJ|a-secret/);
  const of = Object.fromEntries(checks.map((check) => [check.id, check])) as Record<CheckId, ServerCheck>;
  const states = checks.map((check) => check.state.slice(0, 1)).join(''); // p, f, n
  return { of, states };
}

describe('a server that is well', () => {
  test('answers each check in words, with its time', async () => {
    const { of, states } = await run((await standIn(true)).replace('http', 'ws'));
    expect(states).toMatch(/^pp[pn]ppppn$/);
    expect(of.address.text).toMatch(/^Reached 127\.0\.0\.1:\d+$/);
    expect(of.tls.text).toBe('No TLS; none is needed on this computer');
    expect(of.key.text).toBe('Key known');
    expect(of.secret.text).toBe('Secret accepted');
    expect(of.rights.text).toBe('1 room, 2 people seen');
    expect(of.egress.text).toContain('Egress is connected, 0 running');
    expect(of.rights.tookMs).toBeGreaterThanOrEqual(0);
    expect(of.version.text).toBe('The server tells its version only to who joins a room');
  });
  test('without egress: says so, and what will happen', async () => {
    const { of, states } = await run(await standIn(false));
    expect(states.slice(3)).toBe('pppfn');
    expect(of.egress.problem).toMatchObject({
      code: 'egress-not-connected',
      said: '500 internal: egress not connected (redis required)',
      advice:
        'Recordings will run here, on this computer. To use egress, give the server redis and start an egress worker.',
    });
  });
});

describe('what is wrong is named, and what was not looked at is not', () => {
  test('the key, then the secret', async () => {
    const url = await standIn(true);
    const wrongKey = await run(url, { key: 'nokey' });
    expect(wrongKey.states.slice(3)).toBe('fnnnn');
    expect(wrongKey.of.key.text).toBe('The server does not know this API key.');
    const wrongSecret = await run(url, { secret: 'another-secret-of-thirty-six-chars!!' });
    expect(wrongSecret.states.slice(3)).toBe('pfnnn');
    expect(wrongSecret.of.secret.problem).toMatchObject({ code: 'wrong-secret', advice: 'Enter the secret again.' });
  });
  test('no address, nobody there, another server', async () => {
    const bad = await run('studio.example');
    expect(bad.states).toBe('fnnnnnnn');
    expect(bad.of.address.problem?.code).toBe('bad-url');
    const gone = await scripted(() => {});
    await gone.close();
    expect((await run(gone.url)).of.address.text).toBe(`Nobody listens at 127.0.0.1:${gone.port}.`);
    const page = await scripted((_request, response) => response.end('<html>hello'));
    const other = await run(page.url);
    expect(other.of.address).toMatchObject({ state: 'failed', problem: { code: 'not-livekit' } });
    expect(other.states).toMatch(/^fp[pn]nnnnn$/);
  });
  test('TLS', async () => {
    const tls = await scripted(() => {}, { tls: true });
    const untrusted = await run(tls.url);
    expect(untrusted.states).toBe('pfnnnnnn');
    expect(untrusted.of.tls.text).toMatch(/^The certificate of 127\.0\.0\.1:\d+ is signed by itself\.$/);
    const plain = await scripted(() => {});
    expect((await run(plain.url.replace('http', 'https'))).of.tls.problem?.code).toBe('tls-to-plain');
  });
  test('the clock, from the time that the server tells, in both directions', async () => {
    const serverMs = 1_800_000_000_000;
    const server = await scripted((_request, response) => {
      response.setHeader('date', new Date(serverMs).toUTCString());
      sendJson(response, 200, {});
    });
    const shifted = (ms: number): Clock => ({ ...systemClock, nowMs: () => serverMs + ms, monotonicMs: () => 0 });
    expect((await run(server.url, { clock: shifted(0) })).of.clock).toMatchObject({
      state: 'passed',
      text: expect.stringMatching(/^Clocks agree/) as string,
    });
    expect((await run(server.url, { clock: shifted(90_000) })).of.clock.text).toMatch(
      /^The clock of this computer is 90 s ahead of that of the server/,
    );
    expect((await run(server.url, { clock: shifted(-90_000) })).of.clock.text).toContain('behind');
    expect((await run(server.url, { clock: shifted(40_000) })).of.clock).toMatchObject({
      state: 'passed',
      text: expect.stringContaining('apart; from 60 s on') as string,
    });
  });
  test('the clock, from the words of the refusal', async () => {
    const server = await scripted((request, response) => {
      if (request.path === '/') return void response.end('OK');
      response.writeHead(401, { 'content-type': 'text/plain' });
      response.end(`invalid token: ${request.headers.authorization}, error: token is not valid yet`);
    });
    expect((await run(server.url)).of.clock).toMatchObject({ state: 'failed', problem: { code: 'clocks-differ' } });
  });
  test('a key that may list rooms and not look into them', async () => {
    const server = await scripted((request, response) => {
      if (request.path.endsWith('ListRooms')) return sendJson(response, 200, { rooms: [{ name: 'hall', sid: 'RM' }] });
      if (request.path === '/') return void response.end('OK');
      sendJson(response, 401, { code: 'unauthenticated', msg: 'permissions denied' });
    });
    const { of, states } = await run(server.url);
    expect(states.slice(3)).toBe('ppfnn');
    expect(of.rights.text).toBe('The key does not have the right for this.');
  });
  test('a server that hangs is given up after 5 s', async () => {
    const server = await scripted(() => {});
    const { address } = (await run(server.url)).of;
    expect(address).toMatchObject({ state: 'failed', problem: { code: 'no-answer' } });
    expect(address.problem?.text).toContain('did not answer within 5 s');
  });
});
