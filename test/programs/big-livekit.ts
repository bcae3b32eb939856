// A LiveKit server of 200 rooms with 20 people each and 100 running egress jobs, as a program of its own, so that what it
// costs is not counted. Changes one thing at a time and tells by IPC what and when; sends its webhook, as the real one does.
import { AccessToken } from 'livekit-server-sdk';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const apiKey = 'bench-key';
const apiSecret = 'bench-secret-of-thirty-six-characters';
const roomCount = 200;
const peopleCount = 20;
const jobCount = 100;
const changeEveryMs = 500;
const second = (): string => String(Math.floor(Date.now() / 1000));

interface Room {
  readonly name: string;
  people: number;
}
const rooms: Room[] = Array.from({ length: roomCount }, (_, n) => ({ name: `room-${n}`, people: peopleCount }));
const jobs = Array.from({ length: jobCount }, (_, n) => ({
  id: `EG_bench${n}`,
  room: `room-${n}`,
  bytes: 1_000,
  updatedAtMs: Date.now(),
}));

const roomInfo = (room: Room): unknown => ({
  sid: `RM_${room.name}`,
  name: room.name,
  empty_timeout: 300,
  creation_time: '1700000000',
  num_participants: room.people,
  num_publishers: room.people,
  active_recording: true,
  metadata: '',
});
const personInfo = (room: Room, n: number): unknown => ({
  sid: `PA_${room.name}_${n}`,
  identity: `person-${n}`,
  name: `Person ${n}`,
  state: 'ACTIVE',
  joined_at: '1700000000',
  kind: 'STANDARD',
  tracks: [{ sid: `TR_${room.name}_${n}`, type: 'AUDIO', source: 'MICROPHONE', name: '', muted: n % 3 === 0 }],
  permission: { can_publish: true, can_subscribe: true, hidden: false, recorder: false },
});
const jobInfo = (job: (typeof jobs)[number]): unknown => ({
  egress_id: job.id,
  room_id: `RM_${job.room}`,
  room_name: job.room,
  status: 'EGRESS_ACTIVE',
  started_at: '1700000000000000000',
  ended_at: '0',
  updated_at: `${job.updatedAtMs}000000`,
  error: '',
  error_code: 0,
  details: '',
  room_composite: { room_name: job.room, layout: 'grid', file_outputs: [{ filepath: 'x.mp4' }] },
  file_results: [
    { filename: `${job.room}.mp4`, started_at: '1700000001000000000', size: String(job.bytes), location: '' },
  ],
});

function answer(path: string, body: { readonly room?: string }): unknown {
  switch (path.split('/').at(-1) ?? '') {
    case 'ListRooms':
      return { rooms: rooms.map(roomInfo) };
    case 'ListParticipants': {
      const room = rooms.find((each) => each.name === body.room);
      const people = room ? Array.from({ length: room.people }, (_, n) => personInfo(room, n)) : [];
      return { participants: people };
    }
    case 'ListEgress':
      return { items: jobs.map(jobInfo), next_page_token: null };
    default:
      return {};
  }
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body = JSON.parse(Buffer.concat(chunks).toString('utf8') || '{}') as { readonly room?: string }; // the bench's own clients
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer(request.url ?? '', body)));
  });
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');

let webhookUrl: string | null = null;
let count = 0;
async function sendWebhook(event: string, room: Room): Promise<void> {
  if (webhookUrl === null) return;
  const body = JSON.stringify({
    event,
    room: { name: room.name, sid: `RM_${room.name}` },
    id: `EV_${++count}`,
    createdAt: second(),
  });
  const token = new AccessToken(apiKey, apiSecret, { ttl: '5m' });
  token.sha256 = createHash('sha256').update(body).digest('base64');
  const headers = { authorization: await token.toJwt(), 'content-type': 'application/webhook+json' };
  await fetch(webhookUrl, { method: 'POST', headers, body });
}

/** Takes turns: a person comes or leaves in some room or in the first, or the file of a job grows. */
function change(): void {
  const turn = count++;
  const room = rooms[turn % 2 === 0 ? (turn * 37) % roomCount : 0];
  if (!room) return;
  if (turn % 3 === 2) {
    const job = jobs[turn % jobCount];
    if (!job) return;
    job.bytes += 1_000;
    job.updatedAtMs = Date.now();
    process.send?.({ what: 'job', name: job.id, value: job.bytes, atMs: Date.now() });
    return;
  }
  room.people += room.people > peopleCount ? -1 : 1;
  process.send?.({ what: 'room', name: room.name, value: room.people, atMs: Date.now() });
  void sendWebhook(room.people > peopleCount ? 'participant_joined' : 'participant_left', room);
}
let changes: NodeJS.Timeout | null = null;
process.on('message', (message: { readonly webhookUrl: string | null }) => {
  webhookUrl = message.webhookUrl;
  if (changes) clearInterval(changes);
  changes = webhookUrl === null ? null : setInterval(change, changeEveryMs);
});
process.on('disconnect', () => {
  if (changes) clearInterval(changes);
  server.close();
  server.closeAllConnections();
});
process.send?.({ what: 'ready', url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, apiKey, apiSecret });
