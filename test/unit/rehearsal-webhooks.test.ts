import { WebhookEvent } from '@livekit/protocol';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { openWebhookSender, type WebhookSender } from '../../src/rehearsal/webhooks.ts';

interface Delivery {
  readonly id: string;
  readonly name: string;
}

let server: Server | null = null;
let sender: WebhookSender | null = null;
afterEach(async () => {
  await sender?.close();
  server?.closeAllConnections();
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(null)));
});

async function open(statusOf: (name: string, nth: number) => number): Promise<readonly Delivery[]> {
  const deliveries: Delivery[] = [];
  server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      const { id, room } = JSON.parse(text) as { id: string; room: { name: string } };
      deliveries.push({ id, name: room.name });
      response.writeHead(statusOf(room.name, deliveries.filter((one) => one.name === room.name).length)).end();
    });
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  sender = openWebhookSender({ key: 'k', secret: 's' }, [10, 20, 40, 80]);
  sender.addUrl(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  return deliveries;
}

const send = (name: string, resource: string): void =>
  sender?.send(new WebhookEvent({ event: 'room_started', room: { name } }), resource);
const names = (deliveries: readonly Delivery[]): string[] => deliveries.map((delivery) => delivery.name);

test('a delivery that is answered 500 comes again with the same id, and only its own resource waits', async () => {
  const deliveries = await open((name, nth) => (name === 'a1' && nth < 3 ? 500 : 200));
  send('a1', 'a');
  send('a2', 'a');
  send('b1', 'b');
  await expect.poll(() => names(deliveries)).toContain('a2');
  expect(names(deliveries).filter((name) => name.startsWith('a'))).toEqual(['a1', 'a1', 'a1', 'a2']);
  expect(names(deliveries).indexOf('b1')).toBeLessThan(2);
  const ids = deliveries.filter((delivery) => delivery.name === 'a1').map((delivery) => delivery.id);
  expect(new Set(ids).size).toBe(1);
});

test('it is tried five times and then dropped; a 4xx is lost at once', async () => {
  const deliveries = await open((name) => (name === 'a1' ? 500 : name === 'a2' ? 404 : 200));
  send('a1', 'a');
  send('a2', 'a');
  send('a3', 'a');
  await expect.poll(() => names(deliveries)).toContain('a3');
  expect(names(deliveries)).toEqual(['a1', 'a1', 'a1', 'a1', 'a1', 'a2', 'a3']);
});

test('closing does not wait for a receiver that never answers', async () => {
  const deliveries = await open(() => 200);
  server?.removeAllListeners('request');
  const asked = new Promise((resolve) => server?.once('request', resolve));
  send('a1', 'a');
  await asked;
  await sender?.close();
  expect(deliveries).toEqual([]);
});
