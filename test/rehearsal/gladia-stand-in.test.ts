import { once } from 'node:events';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import {
  type GladiaStandIn,
  type GladiaStandInOptions,
  openGladiaStandIn,
} from '../../src/rehearsal/gladia/stand-in.ts';
import { ToneVoice } from '../../src/rehearsal/tones/encode.ts';

const lexicon = ['good', 'morning', 'everyone', 'welcome', 'to', 'the', 'town', 'hall'];
const key = 'a-key-of-the-test';
let standIn: GladiaStandIn;
const open = async (options: Partial<GladiaStandInOptions> = {}): Promise<void> => {
  standIn = await openGladiaStandIn({ lexicon, key, afterStopMs: 10, ...options });
};
beforeEach(() => open());
afterEach(() => standIn.close());

const post = (body: unknown, headers: Record<string, string> = { 'x-gladia-key': key }): Promise<Response> =>
  fetch(`${standIn.url}/v2/live`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
const everything = {
  endpointing: 0.3,
  messages_config: { receive_partial_transcripts: true, receive_lifecycle_events: true },
};
interface Message {
  readonly type: string;
  readonly session_id: string;
  readonly acknowledged?: boolean;
  readonly error?: { message: string } | null;
  readonly data: {
    readonly id: string;
    readonly is_final: boolean;
    readonly byte_range: readonly number[];
    readonly time_range: readonly number[];
    readonly time: number;
    readonly channel: number;
    readonly utterance: {
      readonly text: string;
      readonly channel: number;
      readonly start: number;
      readonly end: number;
      readonly confidence: number;
      readonly words: readonly { word: string; start: number; end: number }[];
    };
  };
}

async function start(body: unknown = everything): Promise<{ id: string; url: string }> {
  const response = await post(body);
  expect(response.status).toBe(201);
  return (await response.json()) as { id: string; url: string };
}

/** A client that keeps all it is told. */
async function dial(url: string): Promise<{
  socket: WebSocket;
  told: Message[];
  closed: Promise<number>;
  until: (done: (told: Message[]) => boolean) => Promise<void>;
}> {
  const socket = new WebSocket(url);
  const told: Message[] = [];
  let look = (): void => {};
  socket.on('message', (data) => {
    told.push(JSON.parse((data as Buffer).toString()) as Message);
    look();
  });
  const closed = once(socket, 'close').then(([code]) => code as number);
  await once(socket, 'open');
  const until = (done: (messages: Message[]) => boolean): Promise<void> =>
    new Promise((resolve) => {
      look = () => {
        if (done(told)) resolve();
      };
      look();
    });
  return { socket, told, closed, until };
}

/** Says words one after another, 450 ms apart, then a second of silence: 16 kHz mono. */
function speech(words: readonly string[], band = 0, rateHz = 16_000): Int16Array {
  const voice = new ToneVoice({ band, sampleRateHz: rateHz, amplitude: 0.1 });
  const sound = new Int16Array((words.length * 0.45 + 1) * rateHz);
  words.forEach((word, index) => voice.write(sound, Math.round((0.1 + index * 0.45) * rateHz), lexicon.indexOf(word)));
  return sound;
}
const bytesOf = (samples: Int16Array): Buffer => Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
function sendAll(socket: WebSocket, bytes: Buffer, chunkBytes = 3200): void {
  for (let at = 0; at < bytes.length; at += chunkBytes) socket.send(bytes.subarray(at, at + chunkBytes));
}
const transcripts = (told: readonly Message[], isFinal: boolean): Message['data'][] =>
  told.filter(({ type, data }) => type === 'transcript' && data.is_final === isFinal).map(({ data }) => data);

it('plays the whole exchange: acknowledgements, partials that grow, a final, the end', async () => {
  const { id, url } = await start();
  const { socket, told, closed, until } = await dial(url);
  sendAll(socket, bytesOf(speech(['good', 'morning', 'everyone'])));
  await until((messages) => transcripts(messages, true).length === 1);
  socket.send(JSON.stringify({ type: 'stop_recording' }));
  expect(await closed).toBe(1000);

  expect(told.every((message) => message.session_id === id)).toBe(true);
  expect(told.slice(0, 2).map(({ type }) => type)).toEqual(['start_session', 'start_recording']);
  expect(told.slice(-5).map(({ type }) => type)).toEqual([
    'stop_recording',
    'end_recording',
    'post_transcript',
    'post_final_transcript',
    'end_session',
  ]);
  const acks = told.filter(({ type }) => type === 'audio_chunk');
  expect(acks[0]).toMatchObject({
    acknowledged: true,
    error: null,
    data: { byte_range: [0, 3200], time_range: [0, 0.1] },
  });
  acks.slice(1).forEach(({ data }, index) => expect(data.byte_range[0]).toBe(acks[index]?.data.byte_range[1]));

  expect(transcripts(told, false).map(({ utterance }) => utterance.text)).toEqual([
    ' Good',
    ' Good morning',
    ' Good morning everyone',
  ]);
  const [final] = transcripts(told, true);
  expect(final?.utterance.text).toBe(' Good morning everyone.');
  expect(final?.id).toBe(transcripts(told, false)[0]?.id);
  expect(final?.utterance.confidence).toBeGreaterThan(transcripts(told, false)[0]?.utterance.confidence ?? 1);
  expect(final?.utterance.words.map(({ word }) => word)).toEqual(['good', 'morning', 'everyone']);
  final?.utterance.words.forEach(({ start: from, end }, index) => {
    expect(Math.abs(from - (0.1 + index * 0.45))).toBeLessThan(0.01);
    expect(end - from).toBeCloseTo(0.29, 2);
  });
  const times = told.filter(({ type }) => type.startsWith('speech_')).map(({ type, data }) => [type, data.time]);
  expect(times).toEqual([
    ['speech_start', final?.utterance.start],
    ['speech_end', final?.utterance.end],
  ]);

  const report = await fetch(`${standIn.url}/v2/live/${id}`, { headers: { 'x-gladia-key': key } });
  expect(await report.json()).toMatchObject({
    id,
    status: 'done',
    result: { transcription: { full_transcript: 'Good morning everyone.' } },
  });
});

it('tells a partial as a word ends, long before the utterance does', async () => {
  const { socket, told, until } = await dial((await start()).url);
  const sound = bytesOf(speech(['welcome']));
  sendAll(socket, sound.subarray(0, (0.1 + 0.29 + 0.09) * 32_000));
  await until((messages) => transcripts(messages, false).length === 1);
  expect(transcripts(told, true)).toEqual([]);
  socket.terminate();
});

it('hears each of eight channels by itself, also as base64', async () => {
  const { url } = await start({ ...everything, channels: 8 });
  const { socket, told, until } = await dial(url);
  const tracks = lexicon.map((word, channel) => speech([word, 'hall'], channel % 6));
  const mixed = new Int16Array((tracks[0]?.length ?? 0) * 8);
  tracks.forEach((track, channel) => track.forEach((value, index) => (mixed[index * 8 + channel] = value)));
  const bytes = bytesOf(mixed);
  for (let at = 0; at < bytes.length; at += 25_600)
    socket.send(JSON.stringify({ type: 'audio_chunk', data: { chunk: bytes.toString('base64', at, at + 25_600) } }));
  await until((messages) => transcripts(messages, true).length === 8);
  const heard = new Map(transcripts(told, true).map(({ utterance }) => [utterance.channel, utterance]));
  lexicon.forEach((word, channel) => expect(heard.get(channel)?.words.map((one) => one.word)).toEqual([word, 'hall']));
  socket.terminate();
});

it('ends an utterance by silence and by length, and hears 48 kHz of 24 bits too', async () => {
  const body = { ...everything, sample_rate: 48_000, bit_depth: 24 };
  const { socket, told, closed } = await dial((await start(body)).url);
  const long = Array.from({ length: 26 }, (_, index) => lexicon[index % 8] ?? '');
  const samples = speech(long, 2, 48_000);
  const wide = Buffer.alloc(samples.length * 3);
  samples.forEach((value, index) => wide.writeIntLE(value * 256, index * 3, 3));
  sendAll(socket, wide, 14_401); // chunks that end inside a sample
  socket.send(JSON.stringify({ type: 'stop_recording' }));
  await closed;
  const finals = transcripts(told, true).map(({ utterance }) => utterance);
  expect(finals.flatMap(({ words }) => words.map(({ word }) => word))).toEqual(long);
  expect(finals.length).toBeGreaterThan(2);
  for (const { start: from, end } of finals) expect(end - from).toBeLessThanOrEqual(5);
});

it('goes on after a lost connection where it was: bytes, times and the utterance under way', async () => {
  const { url } = await start();
  const sound = bytesOf(speech(['good', 'morning', 'everyone', 'welcome']));
  const cut = 16_000 * 2; // in the middle of the third word
  const first = await dial(url);
  sendAll(first.socket, sound.subarray(0, cut));
  await first.until((told) => told.some(({ type, data }) => type === 'audio_chunk' && data.byte_range[1] === cut));
  expect(standIn.faults.closeNow('terminate')).toBe(1);
  expect(await first.closed).toBe(1006);
  const second = await dial(url);
  sendAll(second.socket, sound.subarray(cut));
  await second.until((told) => transcripts(told, true).length === 1);
  expect(second.told[0]).toMatchObject({ type: 'audio_chunk', data: { byte_range: [cut, cut + 3200] } });
  const [final] = transcripts(second.told, true);
  expect(final?.utterance.text).toBe(' Good morning everyone welcome.');
  second.socket.terminate();
});

it('transcribes twice what is sent twice, and nothing of what never came', async () => {
  const { socket, told, closed } = await dial((await start()).url);
  const [one, two] = [bytesOf(speech(['town'])), bytesOf(speech(['hall']))];
  for (const sound of [one, one, Buffer.alloc(two.length)]) sendAll(socket, sound);
  socket.send(JSON.stringify({ type: 'stop_recording' }));
  await closed;
  expect(transcripts(told, true).map(({ utterance }) => utterance.text)).toEqual([' Town.', ' Town.']);
});

it('refuses as the real one does, with its shape of errors', async () => {
  const refused = async (response: Promise<Response>): Promise<unknown> => (await response).json();
  expect(await refused(post({}, {}))).toMatchObject({
    statusCode: 401,
    message: 'no gladia key provided',
    path: '/v2/live',
  });
  expect(await refused(post({}, { 'x-gladia-key': 'wrong' }))).toMatchObject({
    statusCode: 401,
    message: 'gladia user not found',
  });
  const bad = await post({ sample_rate: 24_000, channels: 9, words_accurate_timestamps: true });
  expect(bad.status).toBe(400);
  const body = (await bad.json()) as { validation_errors: string[]; request_id: string; timestamp: string };
  expect(body.validation_errors).toHaveLength(3);
  expect(body.request_id).toMatch(/^G-/);
  expect((await post('{')).status).toBe(400);
  expect((await post({ encoding: 'wav/ulaw' })).status).toBe(422);
  expect((await fetch(`${standIn.url}/v2/live/none`, { headers: { 'x-gladia-key': key } })).status).toBe(404);
  expect((await fetch(`${standIn.url}/v2/live`, { method: 'PUT' })).status).toBe(404);
  const stranger = new WebSocket(`${standIn.url.replace('http', 'ws')}/v2/live?token=x`);
  const [, answer] = (await once(stranger, 'unexpected-response')) as [unknown, { statusCode: number }];
  expect(answer.statusCode).toBe(401);
  stranger.on('error', () => {});
  stranger.terminate();
});

it('lets so many sessions run and no more, ends idle ones, and does not reopen an ended one', async () => {
  await standIn.close();
  await open({ concurrency: 1, idleLimitMs: 1_500 });
  const { id, url } = await start();
  expect((await post({})).status).toBe(429);
  expect(await (await dial(url)).closed).toBe(4408);
  expect(await (await dial(url)).closed).toBe(4403);
  const again = await start(); // the place is free
  const gone = await fetch(`${standIn.url}/v2/live/${id}`, { method: 'DELETE', headers: { 'x-gladia-key': key } });
  expect(gone.status).toBe(202);
  const busy = await fetch(`${standIn.url}/v2/live/${again.id}`, {
    method: 'DELETE',
    headers: { 'x-gladia-key': key },
  });
  expect(busy.status).toBe(403);
});

it('ends a session that is too long, with what was said', async () => {
  await standIn.close();
  await open({ maxSessionS: 1.5 });
  const { socket, told, closed } = await dial((await start()).url);
  sendAll(socket, bytesOf(speech(['good', 'hall'])));
  expect(await closed).toBe(4408);
  expect(transcripts(told, true).map(({ utterance }) => utterance.text)).toEqual([' Good hall.']);
  expect(told.at(-1)).toMatchObject({ type: 'error', data: { code: 'session_timeout' } });
});

it('takes a close of 1000 for a stop, and keeps the result', async () => {
  const { id, url } = await start();
  const { socket, told, closed, until } = await dial(url);
  const sound = bytesOf(speech(['welcome']));
  sendAll(socket, sound);
  await until((messages) =>
    messages.some(({ type, data }) => type === 'audio_chunk' && data.byte_range[1] === sound.length),
  );
  socket.close(1000);
  await closed;
  await expect.poll(() => standIn.sessions()[0]?.status).toBe('done');
  expect(told.some(({ type }) => type === 'end_session')).toBe(false);
  const report = await fetch(`${standIn.url}/v2/live/${id}`, { headers: { 'x-gladia-key': key } });
  expect(await report.json()).toMatchObject({ result: { transcription: { full_transcript: 'Welcome.' } } });
});

it('breaks on request', async () => {
  const { faults } = standIn;
  faults.refusePost({ status: 429, retryAfterS: 7 });
  const busy = await post({});
  expect([busy.status, busy.headers.get('retry-after')]).toEqual([429, '7']);
  faults.hangPost();
  await expect(
    fetch(`${standIn.url}/v2/live`, {
      method: 'POST',
      headers: { 'x-gladia-key': key },
      signal: AbortSignal.timeout(1_000),
    }),
  ).rejects.toThrow('timeout');
  const { url } = await start();
  faults.refuseUpgrade(503);
  const refused = new WebSocket(url);
  const [, answer] = (await once(refused, 'unexpected-response')) as [unknown, { statusCode: number }];
  expect(answer.statusCode).toBe(503);
  refused.on('error', () => {});
  refused.terminate();
  faults.hangUpgrade();
  const hung = new WebSocket(url, { handshakeTimeout: 1_000 });
  await once(hung, 'error');
  faults.closeAfterOpen(1013);
  expect(await (await dial(url)).closed).toBe(1013);

  const { socket, told, closed, until } = await dial(url);
  const chunk = Buffer.alloc(3200);
  faults.negativeAck('no credits left');
  socket.send(chunk);
  await until((messages) => messages.some(({ acknowledged }) => acknowledged === false));
  expect(told.at(-1)).toMatchObject({ type: 'audio_chunk', error: { message: 'no credits left' }, data: null });
  faults.loseAcks(true);
  socket.send(chunk);
  await expect.poll(() => standIn.sessions()[0]?.receivedBytes).toBe(3200);
  faults.loseAcks(false);
  faults.inclusiveAcks(true);
  faults.lateAcks(50);
  socket.send(chunk);
  await until((messages) => messages.at(-1)?.acknowledged === true);
  expect(told.filter(({ acknowledged }) => acknowledged).map(({ data }) => data.byte_range)).toEqual([[3200, 6399]]);
  faults.closeNow(1011);
  expect(await closed).toBe(1011);
});
