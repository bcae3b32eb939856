import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SignalResponse } from '@livekit/protocol';
import { EgressClient, EgressStatus, EncodedFileOutput, RoomServiceClient } from 'livekit-server-sdk';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { openRehearsal, type Rehearsal } from '../../src/rehearsal/rehearsal.ts';
import { describeWithLivekit, type RealLivekit, startLivekitServer } from '../support/livekit-server.ts';
import { everyGrant, send, tokenFor } from '../support/twirp-call.ts';

// A rehearsal with a real server behind it: rooms and joins are the real server's, egress is the rehearsal's.

describeWithLivekit('a real server behind the rehearsal', (program) => {
  let real: RealLivekit;
  let rehearsal: Rehearsal;
  const files = mkdtempSync(join(tmpdir(), 'cuedesk-behind-'));
  beforeAll(async () => {
    real = await startLivekitServer(program);
    rehearsal = await openRehearsal({
      scene: 'town-hall',
      filesFolder: files,
      behind: real,
      roomChildProgram: '',
      ffmpeg: null,
      timing: { answerIdleMs: 10, answerBusyMs: 10, joinMs: 10 },
    });
  });
  afterAll(async () => {
    await rehearsal.close();
    await real.close();
    rmSync(files, { recursive: true, force: true });
  });
  const side = () => ({ ...real, url: rehearsal.standIn.url });

  test('hands calls, refusals and the check of a join on', async () => {
    expect(rehearsal.addresses.roomChild).toBeNull();
    const path = '/twirp/livekit.RoomService/ListRooms';
    for (const options of [{ token: null }, { authorization: 'Bearer nonsense' }, { body: '{bad' }]) {
      const [through, direct] = await Promise.all([send(side(), path, options), send(real, path, options)]);
      expect({ ...through, tookMs: 0 }).toEqual({ ...direct, tookMs: 0 });
    }
    const validate = { method: 'GET', token: tokenFor(real, { roomJoin: true, room: 'v' }, { sub: 'me' }) };
    expect((await send(side(), '/rtc/validate', validate)).body).toBe('success');
  });

  test('takes auto egress out of CreateRoom, which would cost 10 s', async () => {
    const answer = await send(side(), '/twirp/livekit.RoomService/CreateRoom', {
      body: { name: 'auto', metadata: 'kept', egress: { room: { file_outputs: [{ filepath: 'x.mp4' }] } } },
    });
    expect(answer).toMatchObject({ status: 200, body: { name: 'auto', metadata: 'kept' } });
    expect(answer.tookMs).toBeLessThan(9_000);
    const rooms = await new RoomServiceClient(real.url, real.apiKey, real.apiSecret).listRooms(['auto']);
    expect(rooms).toHaveLength(1);
  });

  test('hands the signalling of a join on', async () => {
    const token = tokenFor(real, { roomJoin: true, room: 'signalled' }, { sub: 'me' });
    const url = `${rehearsal.addresses.livekit.url}/rtc?access_token=${token}&protocol=15&auto_subscribe=0`;
    const socket = new WebSocket(url);
    const first = await new Promise<Buffer>((resolve, reject) => {
      socket.once('message', resolve);
      socket.once('error', reject);
    });
    const { message } = SignalResponse.fromBinary(first);
    expect(message.case).toBe('join');
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.close();
    await closed;
  });

  test('runs egress on a room of the real server and shows its recorder there', async () => {
    const rooms = new RoomServiceClient(side().url, real.apiKey, real.apiSecret);
    const egress = new EgressClient(side().url, real.apiKey, real.apiSecret);
    const file = { file: new EncodedFileOutput({ filepath: 'x.mp4' }) };
    await expect(egress.startRoomCompositeEgress('ghost', file)).rejects.toMatchObject({ status: 404 });
    await rooms.createRoom({ name: 'empty' });
    const info = await egress.startRoomCompositeEgress('empty', file, { layout: 'grid' });
    expect(info.status).toBe(EgressStatus.EGRESS_STARTING);
    expect(info.roomId).toBe((await rooms.listRooms(['empty']))[0]?.sid);
    const people = async () => (await rooms.listParticipants('empty')).map((person) => person.identity);
    await expect.poll(people).toEqual([info.egressId]);
    const asJson = await send(side(), '/twirp/livekit.RoomService/ListParticipants', {
      token: tokenFor(real, everyGrant('empty')),
      body: { room: 'empty' },
    });
    expect(asJson.body).toMatchObject({
      participants: [{ identity: info.egressId, kind: 'EGRESS', permission: { hidden: true, recorder: true } }],
    });
    const stopped = await egress.stopEgress(info.egressId);
    expect(stopped.status).toBe(EgressStatus.EGRESS_ABORTED);
  });

  test('the people of the scene join, and their tracks can be taken by egress', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'cuedesk-behind-'));
    const second = await openRehearsal({
      scene: 'town-hall',
      filesFolder: folder,
      behind: real,
      roomChildProgram: '',
      castProgram: join(import.meta.dirname, '..', '..', 'src', 'rehearsal', 'cast-child.ts'),
      ffmpeg: null,
      egressLimit: 10,
      timing: { answerIdleMs: 10, answerBusyMs: 10, firstSoundMs: 200 },
    });
    const sink = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    try {
      const rooms = new RoomServiceClient(second.standIn.url, real.apiKey, real.apiSecret);
      // On a busy machine a join may take longer than the rehearsal waits for it, and a microphone comes after its person.
      const microphones = async () => {
        const people = await rooms.listParticipants('town-hall');
        return people.flatMap((person) =>
          person.tracks.slice(0, 1).map(({ sid }) => ({ identity: person.identity, sid })),
        );
      };
      const here = second.show.people('town-hall', Date.now()).map((person) => person.identity);
      await expect
        .poll(async () => (await microphones()).map(({ identity }) => identity).sort(), { timeout: 40_000 })
        .toEqual(here.sort());
      const loud = new Promise<number>((resolve) =>
        sink.on('connection', (socket) =>
          socket.on('message', (data: Buffer) => {
            const peak = new Int16Array(data.buffer.slice(data.byteOffset, data.byteOffset + data.length)).reduce(
              (most, value) => Math.max(most, value),
              0,
            );
            if (peak > 1_000) resolve(peak);
          }),
        ),
      );
      const egress = new EgressClient(second.standIn.url, real.apiKey, real.apiSecret);
      const { port } = sink.address() as AddressInfo;
      // Everybody's at once: each person is silent for most of a minute, but somebody always speaks.
      for (const { sid } of await microphones()) {
        await egress.startTrackEgress('town-hall', `ws://127.0.0.1:${port}/`, sid);
      }
      expect(await loud).toBeGreaterThan(1_000);
    } finally {
      await second.close();
      for (const socket of sink.clients) socket.terminate();
      sink.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
