import type { WebhookEvent } from '@livekit/protocol';
import { createHash } from 'node:crypto';
import { Agent, request } from 'node:http';
import { newId } from './livekit/ids.ts';
import { type ApiKey, signToken } from './livekit/token.ts';
import { webhookJson } from './livekit/wire-message.ts';
import { pause } from './pause.ts';

/** Sends webhooks as livekit-server does: signed, in order for each room or egress, repeated on a 5xx. */
export interface WebhookSender {
  /** Adds a receiver; a loopback http address. */
  addUrl(url: string): void;
  /** `resource` is what the order holds for: a room's name or an egress id. `extraUrls` are those of one egress. */
  send(event: WebhookEvent, resource: string, extraUrls?: readonly string[]): void;
  close(): Promise<void>;
}

/** Pauses before the repeats: tries at 0, 1, 3, 7 and 15 s. */
const repeatAfterMs: readonly number[] = [1_000, 2_000, 4_000, 8_000];
const maxWaiting = 200;
const maxUrls = 8;
const staleAfterMs = 30_000;

interface Delivery {
  readonly body: string;
  readonly sinceMs: number;
}

export function openWebhookSender(apiKey: ApiKey, pausesMs: readonly number[] = repeatAfterMs): WebhookSender {
  const urls = new Set<string>();
  const queues = new Map<string, Delivery[]>();
  const running = new Set<Promise<void>>();
  const agent = new Agent({ keepAlive: true });
  const closing = new AbortController();

  const drain = async (key: string, url: string, queue: Delivery[]): Promise<void> => {
    for (let next = queue[0]; next && !closing.signal.aborted; next = queue[0]) {
      if (Date.now() - next.sinceMs < staleAfterMs) await deliver(url, next.body);
      queue.shift();
    }
    queues.delete(key);
  };
  const deliver = async (url: string, body: string): Promise<void> => {
    for (const waitMs of [0, ...pausesMs]) {
      if (waitMs > 0 && !(await pause(waitMs, closing.signal))) return;
      const status = await post(url, body);
      if (status !== null && status < 500 && status !== 429) return; // a 4xx is lost, as with the real one
    }
  };
  const post = (url: string, body: string): Promise<number | null> =>
    new Promise((resolve) => {
      const nowS = Math.floor(Date.now() / 1000);
      const sha256 = createHash('sha256').update(body).digest('base64');
      const token = signToken(apiKey, { exp: nowS + 300, nbf: nowS, iat: nowS, sha256 });
      const call = request(url, {
        method: 'POST',
        agent,
        signal: closing.signal,
        headers: {
          Host: new URL(url).host,
          'User-Agent': 'Go-http-client/1.1',
          'Content-Length': Buffer.byteLength(body),
          Authorization: token,
          'Content-Type': 'application/webhook+json',
          'Accept-Encoding': 'gzip',
        },
      });
      call.removeHeader('Connection'); // Go sends none
      call.once('response', (response) => {
        response.resume();
        response.once('close', () => resolve(response.statusCode ?? null));
      });
      call.once('error', () => resolve(null)); // nobody there: repeated like a 5xx
      call.end(body);
    });

  return {
    addUrl: (url) => {
      if (urls.size < maxUrls) urls.add(url);
    },
    send: (event, resource, extraUrls = []) => {
      if (closing.signal.aborted) return;
      event.id = newId('EV_');
      event.createdAt = BigInt(Math.floor(Date.now() / 1000));
      const body = JSON.stringify(webhookJson(event));
      for (const url of new Set([...urls, ...extraUrls])) {
        const key = `${resource} ${url}`;
        const queue = queues.get(key);
        const delivery = { body, sinceMs: Date.now() };
        if (queue) {
          if (queue.length < maxWaiting) queue.push(delivery);
          continue;
        }
        const fresh = [delivery];
        queues.set(key, fresh);
        const work = drain(key, url, fresh).finally(() => running.delete(work));
        running.add(work);
      }
    },
    close: async () => {
      closing.abort();
      await Promise.all(running);
      agent.destroy();
    },
  };
}
