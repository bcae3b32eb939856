// What the core adds to the delay of captions: from a frame of sound that comes in to the chunk that the transcriber gets, and
// from the transcriber's message to the line at the page. Both against bare `ws` in the same process and the same run.
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket, WebSocketServer } from 'ws';
import { CaptionBus } from '../../src/core/audio/caption-bus.ts';
import { CaptionController } from '../../src/core/captions/caption-controller.ts';
import type { AudioFeed, FeedEvent } from '../../src/core/captions/ports.ts';
import { systemClock } from '../../src/core/live/clock.ts';
import { Listeners } from '../../src/core/live/listeners.ts';
import { silentLog } from '../../src/core/live/log.ts';
import { openJournal } from '../../src/core/store/journal.ts';
import { webSocketPort } from '../../src/headless/websocket-port.ts';
import { transcript } from '../../src/shared/contract/captions.ts';
import { connect } from '../../src/shared/rpc/connect.ts';
import type { Port } from '../../src/shared/rpc/port.ts';
import { serve } from '../../src/shared/rpc/serve.ts';
import { openBareGladia } from '../support/bare-gladia.ts';

const soundMs = 30_000;
const messages = 300;
const messageEveryMs = 60;
const people = ['ada', 'bao', 'carla', 'misaki', 'olena', 'youssef'];
const blockSamples = 480;
/** The first of them sounds as a ramp, from which the time of each sample can be read; it begins anew every 1,000 blocks. */
const rampBlocks = 1_000;
const stepsPerBlock = 30;

const now = (): number => performance.now();
const p95 = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.ceil(values.length * 0.95) - 1] ?? NaN;
function print(name: string, ours: readonly number[], peer: string, theirs: readonly number[], target: string): void {
  const row = {
    name: `${name}, p95 of ${ours.length}`,
    figure: Number(p95(ours).toFixed(2)),
    unit: 'ms',
    peer: `${peer} (${p95(theirs).toFixed(2)} ms)`,
    ratio: Number((p95(ours) / p95(theirs)).toFixed(2)),
    target,
  };
  process.stdout.write(`${JSON.stringify(row)}\n`);
}

class ScriptedFeed implements AudioFeed {
  readonly #listeners = new Listeners<FeedEvent>();
  readonly pushedAt: number[] = [];
  on(listener: (event: FeedEvent) => void): () => void {
    return this.#listeners.on(listener);
  }
  tell(event: FeedEvent): void {
    this.#listeners.emit(event);
  }
  close(): Promise<void> {
    return Promise.resolve();
  }
  /** All people speak in blocks of 10 ms, in real time. */
  async play(forMs: number, onBlock: (index: number) => void): Promise<void> {
    const startedAtMs = Date.now() - 60;
    for (const identity of people)
      this.tell({
        type: 'sourceOpened',
        sourceId: identity,
        identity,
        name: identity,
        trackSid: identity,
        startedAtMs,
        lagMs: 60,
      });
    const beganMs = now();
    for (let index = 0; index < forMs / 10;) {
      await delay(2);
      for (; now() - beganMs >= (index + 1) * 10; index++) {
        const from = (index % rampBlocks) * stepsPerBlock;
        const ramp = Int16Array.from(
          { length: blockSamples },
          (_value, at) => from + (at * stepsPerBlock) / blockSamples,
        );
        this.pushedAt[index] = now();
        for (const sourceId of people)
          this.tell({ type: 'pcm', sourceId, firstSample: index * blockSamples, samples: ramp });
        onBlock(index);
      }
    }
  }
}

const folder = mkdtempSync(join(tmpdir(), 'cuedesk-bench-'));
const journal = openJournal({ folder, log: silentLog, clock: systemClock });
const gladia = await openBareGladia();
const feed = new ScriptedFeed();
const captions = new CaptionController({
  store: journal.captions,
  makeFeed: () => feed,
  makeBus: (setup) => new CaptionBus(setup),
  gladia: () => ({ url: gladia.url, key: gladia.key, region: null }),
  clock: systemClock,
  log: silentLog,
  onIncident: () => {},
});
const sockets = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
await once(sockets, 'listening');
sockets.on('connection', (socket, request) => {
  if (request.url === '/echo') socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
  else
    serve(
      webSocketPort(socket, silentLog),
      transcript,
      { transcript: ({ sessionId }, signal) => captions.transcript(sessionId, signal) },
      { onProtocolError: () => {}, onUnforeseen: (error) => process.stderr.write(`${String(error)}\n`) },
    );
});
const address = `ws://127.0.0.1:${(sockets.address() as AddressInfo).port}`;
const dial = async (path: string): Promise<WebSocket> => {
  const socket = new WebSocket(`${address}${path}`, { perMessageDeflate: false });
  await once(socket, 'open');
  return socket;
};
const portOf = (socket: WebSocket): Port => ({
  send: (message) => socket.send(JSON.stringify(message)),
  onMessage: (listener) => void socket.on('message', (data: Buffer) => listener(JSON.parse(data.toString()))),
  onClose: (listener) => void socket.on('close', () => listener()),
  close: () => socket.close(),
});
/** How long a message is on its way to a bare `ws` server and back. */
async function echo(socket: WebSocket, message: Buffer | string): Promise<number> {
  const sentAt = now();
  const back = once(socket, 'message');
  socket.send(message);
  await back;
  return now() - sentAt;
}

try {
  const session = captions.start({ serverId: 's', roomName: 'hall', feed: 'direct', language: 'en' });
  feed.tell({ type: 'state', state: 'live', text: 'Live' });
  const channels = people.length;
  const frameDelays: number[] = [];
  let steadyFromMs = Infinity;
  gladia.onSound = (bytes) => {
    const atMs = now();
    if (atMs < steadyFromMs) return;
    const pcm = new Int16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
    const newest = feed.pushedAt.length - 1;
    const frames = pcm.length / channels;
    for (let frame = 80; frame < frames; frame += 160) {
      const inRamp = Math.floor((pcm[frame * channels] ?? 0) / stepsPerBlock);
      const index = newest - ((((newest - inRamp) % rampBlocks) + rampBlocks) % rampBlocks);
      frameDelays.push(atMs - (feed.pushedAt[index] ?? NaN));
    }
  };
  // The peer of the first: blocks gathered to 100 ms and sent to a bare server, by the same timer.
  const sink = await dial('/echo');
  const gathered: number[] = [];
  const bareDelays: number[] = [];
  const chunk = Buffer.alloc(1_600 * 2 * channels);
  const onBlock = (): void => {
    gathered.push(now());
    if (gathered.length < 10) return;
    const blocks = gathered.splice(0);
    const sentAt = now();
    void echo(sink, chunk).then((roundMs) => {
      for (const atMs of blocks) bareDelays.push(sentAt - atMs + roundMs / 2);
    });
  };
  const playing = feed.play(soundMs + messages * messageEveryMs, onBlock);
  await delay(3_000);
  steadyFromMs = now();
  await delay(soundMs - 3_000);
  gladia.onSound = () => {};
  print(
    'frame in to chunk out to the transcriber',
    frameDelays,
    'gathering 100 ms and sending it by bare ws',
    bareDelays,
    'at most 110 ms',
  );

  const client = connect(portOf(await dial('/port')), transcript);
  const arrived = new Map<string, number>();
  const reading = new AbortController();
  const reader = (async () => {
    for await (const item of client.transcript({ sessionId: session.id }, { signal: reading.signal }))
      if (item.type === 'entry' && item.entry.type === 'utterance') arrived.set(item.entry.text, now());
  })();
  const wire = await dial('/echo');
  const sent: { readonly text: string; readonly atMs: number }[] = [];
  const echoDelays: number[] = [];
  for (let number = 0; number < messages; number++) {
    await delay(messageEveryMs);
    const end = gladia.count.bytes / (channels * 32_000);
    const text = `word${number}`;
    const times = { start: end - 0.05, end, confidence: 0.9 };
    const message = {
      type: 'transcript',
      session_id: 'x',
      created_at: new Date().toISOString(),
      data: {
        id: `00-${String(number).padStart(8, '0')}`,
        is_final: true,
        utterance: { ...times, channel: 0, language: 'en', text, words: [{ word: text, ...times }] },
      },
    };
    sent.push({ text, atMs: now() });
    gladia.say(message);
    echoDelays.push(await echo(wire, JSON.stringify(message)));
  }
  await delay(500);
  reading.abort();
  await reader;
  const lineDelays = sent.flatMap(({ text, atMs }) => {
    const at = arrived.get(text);
    return at === undefined ? [] : [at - atMs];
  });
  if (lineDelays.length < messages * 0.99) throw new Error(`Only ${lineDelays.length} of ${messages} lines arrived.`);
  print(
    'transcriber message to line at the page, journalled',
    lineDelays,
    'a bare ws echo',
    echoDelays,
    'at most 20 ms',
  );
  await playing;
} finally {
  await captions.close();
  for (const socket of sockets.clients) socket.terminate();
  sockets.close();
  await gladia.close();
  await journal.close();
  rmSync(folder, { recursive: true, force: true });
}
