import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe } from 'vitest';
import { freePort } from './free-port.ts';

type Ports = readonly [http: number, tcp: number, udp: number];

/** A real livekit-server on free ports of this computer; without redis it has no egress. */
export interface RealLivekit {
  readonly url: string;
  readonly wsUrl: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly pid: number;
  /** HTTP, RTC over TCP, RTC over UDP: for another one in its place. */
  readonly ports: Ports;
  /** What it printed so far. */
  output(): string;
  close(): Promise<void>;
}

/** Where the program is: `LIVEKIT_SERVER`, the PATH, the user's cache; null where it is nowhere. */
function findLivekitServer(env: NodeJS.ProcessEnv = process.env): string | null {
  const name = process.platform === 'win32' ? 'livekit-server.exe' : 'livekit-server';
  const cache = join(homedir(), '.cache', 'cuedesk');
  const places = [
    ...(env['LIVEKIT_SERVER'] ? [env['LIVEKIT_SERVER']] : []),
    ...(env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, name)),
    join(cache, name),
    join(cache, 'livekit', 'server'),
  ];
  return places.find(isProgram) ?? null;
}

/** A `describe` that is skipped with its reason where there is no livekit-server, and fails where it is demanded. */
export function describeWithLivekit(title: string, body: (program: string) => void): void {
  const program = findLivekitServer();
  if (program) return void describe(title, () => body(program));
  const isRequired = (process.env['CUEDESK_REQUIRE'] ?? '').split(',').includes('livekit-server');
  if (isRequired) throw new Error('CUEDESK_REQUIRE demands livekit-server, and there is none: run "npm run livekit".');
  process.stderr.write(`\n==== SKIPPED: ${title}: livekit-server is not on this machine ====\n`);
  describe.skip(`${title} (skipped: no livekit-server here; "npm run livekit" installs one)`, () => body(''));
}

const readyWithinMs = 30_000;
const stopWithinMs = 5_000;

interface StartOptions {
  readonly webhookUrls?: readonly string[];
  readonly departureTimeoutS?: number;
  readonly remoteUnmute?: boolean;
  readonly redisAddress?: string;
  readonly ports?: Ports;
}

/**
 * Starts it and waits until it answers. Throws with its output where it ends before that: its exit code would be 0. A port
 * that was free may be taken by another program a moment later: then it is tried again.
 */
export async function startLivekitServer(program: string, options: StartOptions = {}): Promise<RealLivekit> {
  for (let triesLeft = 4; ; triesLeft--) {
    try {
      return await startOnce(program, options);
    } catch (error) {
      if (triesLeft === 0 || !String(error).includes('address already in use')) throw error;
      await delay(200);
    }
  }
}

async function startOnce(program: string, options: StartOptions): Promise<RealLivekit> {
  const apiKey = 'devkey';
  const apiSecret = 'a-secret-of-thirty-six-chars-0123456';
  const ports: Ports = options.ports ?? (await Promise.all([freePort(), freePort(), freePort()]));
  const [port, tcpPort, udpPort] = ports;
  const folder = mkdtempSync(join(tmpdir(), 'cuedesk-livekit-'));
  const file = join(folder, 'livekit.yaml');
  const settings = {
    port,
    bind_addresses: ['127.0.0.1'],
    keys: { [apiKey]: apiSecret },
    logging: { level: 'info', json: true },
    rtc: {
      tcp_port: tcpPort,
      udp_port: udpPort,
      node_ip: '127.0.0.1',
      use_external_ip: false,
      enable_loopback_candidate: true,
      interfaces: { includes: ['lo'] },
      stun_servers: [],
    },
    room: {
      ...(options.departureTimeoutS ? { departure_timeout: options.departureTimeoutS } : {}),
      ...(options.remoteUnmute ? { enable_remote_unmute: true } : {}),
    },
    ...(options.redisAddress ? { redis: { address: options.redisAddress } } : {}),
    ...(options.webhookUrls ? { webhook: { api_key: apiKey, urls: options.webhookUrls } } : {}),
  };
  writeFileSync(file, JSON.stringify(settings)); // JSON is YAML
  const child = spawn(program, ['--config', file], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const keep = (chunk: Buffer): void => void (output = (output + chunk.toString()).slice(-20_000));
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  child.once('error', (error) => (output += error.message));
  const close = async (): Promise<void> => {
    await stop(child);
    rmSync(folder, { recursive: true, force: true });
  };
  const url = `http://127.0.0.1:${port}`;
  if (!(await isReady(url, child))) {
    await close();
    throw new Error(`livekit-server did not start: ${output.slice(-2_000)}`);
  }
  return {
    url,
    wsUrl: url.replace('http', 'ws'),
    apiKey,
    apiSecret,
    pid: child.pid ?? 0,
    ports,
    output: () => output,
    close,
  };
}

async function isReady(url: string, child: ChildProcess): Promise<boolean> {
  for (const untilMs = Date.now() + readyWithinMs; Date.now() < untilMs;) {
    if (child.exitCode !== null || child.pid === undefined) return false;
    const isUp = await fetch(url).then(
      (response) => response.ok,
      () => false, // not listening yet
    );
    if (isUp) return true;
    await delay(20);
  }
  return false;
}

/** One SIGTERM drains for ever while somebody is connected; the second one ends it. */
async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const again = setTimeout(() => child.kill('SIGTERM'), 100);
  const force = setTimeout(() => child.kill('SIGKILL'), stopWithinMs);
  await exited;
  clearTimeout(again);
  clearTimeout(force);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
