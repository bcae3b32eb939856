import { once } from 'node:events';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { connect } from 'node:net';
import { HttpProxyAgent, HttpsProxyAgent } from 'hpagent';
import type { StoragePlace, StorageSecrets } from '../../shared/model/storage.ts';

/** A proxy that does not open a connection by then is not reached: on its own network it takes some milliseconds. */
const probeMs = 2_000;

/** The proxy of a profile, seen from this computer: used, or gone around, and why. */
export interface ProxyUse {
  readonly host: string;
  /** Null where it is used. */
  readonly whyNot: string | null;
}

/** The connections of one store. They end with it, whatever the SDK that uses them thinks of signals. */
export interface Sockets {
  readonly http: HttpAgent;
  readonly https: HttpsAgent;
  readonly proxy: ProxyUse | null;
  /** For calls of an SDK that knows no signal: where it aborts, their connections are destroyed. */
  during<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T>;
  close(): void;
}

interface SocketOptions {
  readonly place: StoragePlace;
  readonly secrets: StorageSecrets;
  readonly signal: AbortSignal;
}

/**
 * Through the proxy of the profile where this computer reaches it, else around it: it may stand in the network of the egress
 * worker alone.
 */
export async function openSockets({ place, secrets, signal }: SocketOptions): Promise<Sockets> {
  const proxy = 'proxy' in place ? place.proxy : null;
  if (!proxy) return direct(null);
  const url = new URL(proxy.url);
  const whyNot = await whyNotThrough(url, signal);
  if (whyNot !== null) return direct({ host: url.host, whyNot });
  url.username = encodeURIComponent(proxy.username);
  url.password = encodeURIComponent(secrets.proxyPassword ?? '');
  const life = new AbortController();
  // Its types leave the signal out; it hands these options to `http.request` as they are.
  const options = { proxy: url, keepAlive: true, proxyRequestOptions: { signal: life.signal } as object };
  return socketsOf(new HttpProxyAgent(options), new HttpsProxyAgent(options), { host: url.host, whyNot }, life);
}

const direct = (proxy: ProxyUse | null): Sockets =>
  socketsOf(new HttpAgent({ keepAlive: true }), new HttpsAgent({ keepAlive: true }), proxy, new AbortController());

function socketsOf(http: HttpAgent, https: HttpsAgent, proxy: ProxyUse | null, life: AbortController): Sockets {
  const destroy = (): void => {
    http.destroy();
    https.destroy();
  };
  return {
    http,
    https,
    proxy,
    during: async (signal, work) => {
      signal.throwIfAborted();
      signal.addEventListener('abort', destroy, { once: true });
      try {
        return await work();
      } finally {
        signal.removeEventListener('abort', destroy);
      }
    },
    close: () => {
      life.abort();
      destroy();
    },
  };
}

async function whyNotThrough({ protocol, hostname, port }: URL, signal: AbortSignal): Promise<string | null> {
  if (!/^https?:$/.test(protocol)) return 'Cuedesk knows HTTP proxies only';
  const limited = AbortSignal.any([signal, AbortSignal.timeout(probeMs)]);
  const usualPort = protocol === 'https:' ? 443 : 80;
  const socket = connect({ host: hostname, port: port === '' ? usualPort : Number(port), signal: limited });
  try {
    await once(socket, 'connect');
    return null;
  } catch {
    signal.throwIfAborted();
    return 'this computer does not reach it'; // what the worker's own network says of it, nobody can tell from here
  } finally {
    socket.destroy();
  }
}
