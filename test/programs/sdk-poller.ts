// The peer of the bench of a big server: asks the same lists at the same pace by LiveKit's own SDK, tells what has changed in them,
// and what that cost.
import { setTimeout as pause } from 'node:timers/promises';
import { EgressClient, RoomServiceClient } from 'livekit-server-sdk';

const [url = '', apiKey = '', apiSecret = '', seconds = '30'] = process.argv.slice(2);
const rooms = new RoomServiceClient(url, apiKey, apiSecret);
const egress = new EgressClient(url, apiKey, apiSecret);
const roundMs = 3_000;
const openRoomMs = 1_000;
const atOnce = 8;

const stopping = new AbortController();
const last = new Map<string, number>();
function see(what: 'room' | 'job', name: string, value: number): void {
  const key = `${what} ${name}`;
  if (last.get(key) !== value) process.send?.({ what, name, value });
  last.set(key, value);
}
async function people(roomName: string): Promise<void> {
  see('room', roomName, (await rooms.listParticipants(roomName)).length);
}
async function jobs(): Promise<void> {
  for (const job of await egress.listEgress()) see('job', job.egressId, Number(job.fileResults[0]?.size ?? 0));
}
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
    for (let name = names.pop(); name !== undefined; name = names.pop()) await people(name);
  };
  await Promise.all(Array.from({ length: atOnce }, ask));
}

const loops = [every(roundMs, round), every(openRoomMs, () => people('room-0')), every(openRoomMs, jobs)];
await pause(5_000);
const before = process.cpuUsage();
const beganMs = performance.now();
await pause(Number(seconds) * 1_000);
const used = process.cpuUsage(before);
const percent = (used.user + used.system) / 10 / (performance.now() - beganMs);
stopping.abort();
await Promise.all(loops); // before the answer: who gets it ends the server
process.send?.({ what: 'end', percent });
process.disconnect();
