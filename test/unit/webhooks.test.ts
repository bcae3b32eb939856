import { AccessToken } from 'livekit-server-sdk';
import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import { WebhookReceiver, type WebhookHint } from '../../src/core/livekit/webhooks.ts';
import { silentLog } from '../../src/core/live/log.ts';
import { systemClock } from '../../src/core/live/clock.ts';
import { recordedWebhooks } from '../support/traces.ts';

const key = 'devkey';
const secret = 'a-secret-of-thirty-two-characters!';
let hints: WebhookHint[] = [];
let receiver: WebhookReceiver;
beforeEach(() => {
  hints = [];
  receiver = new WebhookReceiver({
    clock: systemClock,
    log: silentLog,
    credentialsOf: (serverId) =>
      serverId === 's' ? Promise.resolve({ apiKey: key, apiSecret: secret }) : Promise.reject(new Error('unknown')),
    onHint: (hint) => hints.push(hint),
  });
});

/** Signed as LiveKit signs, by LiveKit's own library. */
async function sign(
  body: Buffer,
  options: { key?: string; secret?: string; ttl?: string; hashOf?: Buffer } = {},
): Promise<string> {
  const token = new AccessToken(options.key ?? key, options.secret ?? secret, { ttl: options.ttl ?? '5m' });
  token.sha256 = createHash('sha256')
    .update(options.hashOf ?? body)
    .digest('base64');
  return token.toJwt();
}
const bodyOf = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const joined = bodyOf({
  event: 'participant_joined',
  room: { name: 'hall' },
  participant: { identity: 'ada' },
  id: 'EV_1',
});

describe('what counts', () => {
  test('every recorded delivery of a real server is a hint', async () => {
    const events = recordedWebhooks();
    for (const event of events) {
      const body = bodyOf(event);
      expect(await receiver.receive('s', body, await sign(body))).toMatchObject({ status: 200 });
    }
    expect(hints.length).toBe(events.length);
    expect(hints.filter((hint) => hint.egress).length).toBe(
      events.filter((event) => event.event.startsWith('egress')).length,
    );
    expect(hints.every((hint) => hint.roomName !== null || hint.egress?.kind === 'web')).toBe(true);
  });
  test('a state that is left out is the first one', async () => {
    const started = recordedWebhooks().find((event) => event.event === 'egress_started');
    const body = bodyOf(started);
    await receiver.receive('s', body, await sign(body));
    expect(hints[0]?.egress?.status).toBe('starting');
  });
  test('the same delivery twice is one hint, and both are taken', async () => {
    const token = await sign(joined);
    expect(await receiver.receive('s', joined, token)).toMatchObject({ status: 200 });
    expect(await receiver.receive('s', joined, token)).toMatchObject({ status: 200, reason: 'known already' });
    expect(hints).toEqual([{ serverId: 's', roomName: 'hall' }]);
  });
});

describe('what is refused', () => {
  test.each([
    ['no token', async () => ({ body: joined, token: undefined as string | undefined })],
    [
      'a body that was changed',
      async () => ({ body: bodyOf({ event: 'room_finished', room: { name: 'hall' } }), token: await sign(joined) }),
    ],
    [
      'another secret',
      async () => ({ body: joined, token: await sign(joined, { secret: 'another-secret-of-32-characters!!!' }) }),
    ],
    ['another key', async () => ({ body: joined, token: await sign(joined, { key: 'other' }) })],
    ['a token of long ago', async () => ({ body: joined, token: await sign(joined, { ttl: '-1m' }) })],
    ['a prefix that LiveKit does not send', async () => ({ body: joined, token: `Bearer ${await sign(joined)}` })],
    ['garbage', async () => ({ body: joined, token: 'a.b.c' })],
    [
      'a token without a signature',
      async () => {
        const [, payload] = (await sign(joined)).split('.');
        const header = Buffer.from('{"alg":"none"}').toString('base64url');
        return { body: joined, token: `${header}.${payload}.` };
      },
    ],
    ['a token of an endless length', async () => ({ body: joined, token: 'x'.repeat(1_000_000) })],
  ])('%s', async (_what, make) => {
    const { body, token } = await make();
    expect(await receiver.receive('s', body, token)).toMatchObject({ status: 401 });
    expect(hints).toEqual([]);
  });
  test('a server that is not known', async () => {
    expect(await receiver.receive('other', joined, await sign(joined))).toMatchObject({ status: 401 });
  });
  test.each(['', 'no json', '[]', '{"event":7}'])('signed, but no event: %s', async (text) => {
    const body = Buffer.from(text);
    expect(await receiver.receive('s', body, await sign(body))).toMatchObject({ status: 400 });
  });
});
