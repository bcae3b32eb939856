import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Ffmpeg } from '../ffmpeg.ts';
import type { Arrival } from './arrivals.ts';

/** The page that proves what arrives at the destinations: bytes, words, and the picture itself. */
export interface DestinationPage {
  readonly url: string;
  close(): Promise<void>;
}

export interface HeardWord {
  readonly identity: string;
  readonly word: string;
  readonly atMs: number;
}

export async function openDestinationPage(options: {
  readonly arrivals: () => readonly Arrival[];
  /** The words in a file. */
  readonly decode: (path: string) => Promise<{ readonly words: readonly HeardWord[] }>;
  readonly ffmpeg: Ffmpeg | null;
}): Promise<DestinationPage> {
  const root = `/${randomBytes(16).toString('hex')}`;
  const sockets = new Set<{ destroy(): void }>();
  const server = createServer((request, response) => {
    void answer(request.url ?? '/', response).catch(() => response.writeHead(500).end());
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const answer = async (path: string, response: ServerResponse): Promise<void> => {
    const found = (id: string): Arrival | undefined => options.arrivals().find((one) => one.id === id);
    const [, token, name = '', id = ''] = path.split('/');
    if (`/${token}` !== root) return void response.writeHead(404).end();
    if (name === '') return send(response, 'text/html; charset=utf-8', html);
    if (name === 'arrivals') {
      const shown = options.arrivals().map(({ file, ...rest }) => ({ ...rest, canPlay: file !== null }));
      return send(response, 'application/json', JSON.stringify(shown));
    }
    const file = found(id)?.file;
    if (!file) return void response.writeHead(404).end();
    if (name === 'words') return send(response, 'application/json', JSON.stringify(await options.decode(file)));
    if (name === 'video' && options.ffmpeg) return playFile(options.ffmpeg, file, response);
    response.writeHead(404).end();
  };
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo; // listening on TCP
  return {
    url: `http://127.0.0.1:${port}${root}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** What has arrived so far, in a container that a browser plays. */
function playFile(ffmpeg: Ffmpeg, file: string, response: ServerResponse): void {
  const input = ['-hide_banner', '-loglevel', 'error', '-nostdin', '-protocol_whitelist', 'file,pipe', '-i', file];
  const output = ['-c', 'copy', '-movflags', 'frag_keyframe+empty_moov+default_base_moof', '-f', 'mp4', 'pipe:1'];
  const child = spawn(ffmpeg.path, [...input, ...output], { stdio: ['ignore', 'pipe', 'ignore'] });
  response.writeHead(200, { 'content-type': 'video/mp4' });
  child.stdout.pipe(response);
  child.once('error', () => response.end());
  response.once('close', () => child.kill('SIGKILL'));
}

function send(response: ServerResponse, type: string, body: string): void {
  const policy =
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; connect-src 'self'; media-src 'self'";
  response.writeHead(200, { 'content-type': type, 'content-security-policy': policy, 'cache-control': 'no-store' });
  response.end(body);
}

const html = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Destinations of the rehearsal</title>
<style>body{font:15px/1.5 system-ui,sans-serif;margin:2rem;background:#14171c;color:#e8eaed}section{border-top:1px solid #39414d;padding:1rem 0}
h2{font-size:1rem;margin:0}button{font:inherit;margin-right:.5rem}video{display:block;max-width:640px;margin-top:.5rem}.live{color:#7ddc9a}</style>
<h1>Destinations of the rehearsal</h1><p>What arrives here left this computer nowhere. Words are decoded from the sound that arrived.</p><main></main>
<script>
const main = document.querySelector('main'), shown = new Map();
function section(one) {
  const box = document.createElement('section');
  box.innerHTML = '<h2></h2><p aria-live="polite"></p><button>Hear the words</button><button>Play</button><p></p>';
  const [state, words] = box.querySelectorAll('p'), [hear, play] = box.querySelectorAll('button');
  hear.onclick = async () => {
    words.textContent = 'Listening…';
    const heard = (await (await fetch('words/' + one.id)).json()).words;
    words.textContent = heard.length + ' words: ' + heard.slice(-40).map((w) => w.word).join(' ');
  };
  play.onclick = () => {
    const video = box.querySelector('video') ?? box.appendChild(document.createElement('video'));
    video.controls = true; video.src = 'video/' + one.id + '?' + Date.now(); video.play();
  };
  main.append(box); return { box, state };
}
async function look() {
  for (const one of await (await fetch('arrivals')).json()) {
    if (!shown.has(one.id)) shown.set(one.id, { ...section(one), bytes: 0 });
    const entry = shown.get(one.id), rate = Math.max(0, one.bytes - entry.bytes) * 8 / 1000;
    entry.bytes = one.bytes;
    entry.box.querySelector('h2').textContent = one.protocol.toUpperCase() + ' ' + one.key;
    entry.state.className = one.isLive ? 'live' : '';
    entry.state.textContent = (one.isLive ? 'Live, ' + rate.toFixed(0) + ' kbit/s' : 'Nobody sends') + ' · ' + (one.bytes / 1e6).toFixed(2) + ' MB · connection ' + one.connections;
  }
}
look(); setInterval(look, 1000);
</script></html>`;
