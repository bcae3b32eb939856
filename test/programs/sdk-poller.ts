// The peer of the bench of a big server: asks the same lists at the same pace by LiveKit's own SDK, and tells what that cost.
import { setTimeout as pause } from 'node:timers/promises';
import { EgressClient, RoomServiceClient } from 'livekit-server-sdk';

const [url = '', apiKey = '', apiSecret = '', seconds = '30'] = process.argv.slice(2);
const rooms = new RoomServiceClient(url, apiKey, apiSecret);
const egress = new EgressClient(url, apiKey, apiSecret);
const roundMs = 3_000;
const openRoomMs = 1_000;
const atOnce = 8;

const stopping = new AbortController();
async function every(ms: number, ask: () => Promise<unknown>): Promise<void> {
  while (!stopping.signal.aborted) {
    const beganMs = performance.now();
    await ask();
    await pause(Math.max(0, ms - (performance.now() - beganMs)), null, { signal: stopping.signal }).catch(() => {}); // stopped
  }
}
async function round(): Promise<void> {
  const names = (await rooms.listRooms()).map((room) => room.name);
  const ask = async (): Promise<void> => {
    for (let name = names.pop(); name !== undefined; name = names.pop()) await rooms.listParticipants(name);
  };
  await Promise.all(Array.from({ length: atOnce }, ask));
}

const loops = [
  every(roundMs, round),
  every(openRoomMs, () => rooms.listParticipants('room-0')),
  every(openRoomMs, () => egress.listEgress()),
];
await pause(5_000);
const before = process.cpuUsage();
const beganMs = performance.now();
await pause(Number(seconds) * 1_000);
const used = process.cpuUsage(before);
const percent = (used.user + used.system) / 10 / (performance.now() - beganMs);
stopping.abort();
await Promise.all(loops); // before the answer: who gets it ends the server
process.send?.({ percent });
process.disconnect();
