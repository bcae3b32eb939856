import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { startCast } from './cast-process.ts';
import { ControlRefusal, type ControlServer, openControlServer } from './control/control-server.ts';
import { compareWords } from './control/compare-words.ts';
import { decodeFile } from './control/decode-file.ts';
import { type DrillTargets, drillStates, isDrill, runDrill } from './drills.ts';
import { isLoopbackUrl } from './egress/loopback.ts';
import { type DestinationAddresses, type Destinations, openDestinations } from './destinations/destinations.ts';
import { openMetricsPage } from './egress/metrics-page.ts';
import { type EgressTiming, measuredTiming } from './egress/timing.ts';
import { type Ffmpeg, findFfmpeg } from './ffmpeg.ts';
import { type GladiaStandIn, openGladiaStandIn } from './gladia/stand-in.ts';
import { openActs } from './livekit/acts.ts';
import { openStandIn, type StandIn } from './livekit/stand-in.ts';
import { refuseUpgrade } from './livekit/server.ts';
import { type ApiKey, readToken } from './livekit/token.ts';
import { attachRoomStream } from './scene/room-stream.ts';
import { openShow, type SceneShow } from './scene/show.ts';

export interface RehearsalSettings {
  readonly scene: string;
  readonly seed?: number;
  /** Where the egress simulator writes; made where it is missing, and left when all is over. */
  readonly filesFolder: string;
  /** Egress sessions at once. */
  readonly egressLimit?: number;
  readonly hasEgress?: boolean;
  /** A session of egress ends by itself after so long; left out: never. */
  readonly sessionLimitMs?: number;
  /** False: no receivers and no storage, for tests that need none. */
  readonly hasDestinations?: boolean;
  /** A real livekit-server of this computer that has the rooms; its people are the scene's, joined by WebRTC. */
  readonly behind?: { readonly url: string; readonly apiKey: string; readonly apiSecret: string };
  /** The built or source program of the room child; needed unless a real server is behind. */
  readonly roomChildProgram: string;
  /** The program that puts the scene's people into the rooms of the server behind; left out: nobody joins. */
  readonly castProgram?: string;
  readonly ffmpeg?: Ffmpeg | null;
  /** Told a sentence about what is not as it should be. */
  readonly onNote?: (sentence: string) => void;
  /** Replaces measured pauses; tests that do not measure them need not wait for them. */
  readonly timing?: Partial<EgressTiming>;
}

/** The addresses of a rehearsal, as its first line of output tells them. */
export interface RehearsalAddresses {
  readonly scene: string;
  readonly livekit: { readonly url: string; readonly apiKey: string; readonly apiSecret: string };
  readonly gladia: { readonly url: string; readonly key: string };
  readonly control: { readonly url: string; readonly token: string };
  /** Receivers and a storage of this computer, for streams and uploads; null where there are none. */
  readonly destinations: DestinationAddresses | null;
  /** The Prometheus page of the egress worker; null without egress. */
  readonly egressMetrics: string | null;
  readonly roomChild: { readonly program: string; readonly env: Readonly<Record<string, string>> } | null;
}

export interface Rehearsal {
  readonly addresses: RehearsalAddresses;
  readonly show: SceneShow;
  readonly standIn: StandIn;
  readonly destinations: Destinations | null;
  close(): Promise<void>;
}

const defaultEgressLimit = 2;
const defaultSeed = 1;

/** Opens the whole rehearsal on loopback ports. Throws a sentence where a setting does not fit; then nothing is left open. */
export async function openRehearsal(settings: RehearsalSettings): Promise<Rehearsal> {
  const { behind } = settings;
  if (behind && !isLoopbackUrl(behind.url)) {
    throw new RangeError('A rehearsal uses only a LiveKit server of this computer (127.0.0.1); that one is elsewhere.');
  }
  mkdirSync(settings.filesFolder, { recursive: true });
  const closers: (() => Promise<void>)[] = [];
  const closeAll = async (): Promise<void> => {
    for (const close of closers.splice(0).reverse()) await close();
  };
  try {
    return await open(settings, closers, closeAll);
  } catch (error) {
    await closeAll();
    throw error;
  }
}

async function open(
  settings: RehearsalSettings,
  closers: (() => Promise<void>)[],
  closeAll: () => Promise<void>,
): Promise<Rehearsal> {
  const { behind } = settings;
  const apiKey: ApiKey = behind
    ? { key: behind.apiKey, secret: behind.apiSecret }
    : { key: 'rehearsal', secret: randomBytes(24).toString('base64url') };
  const ffmpeg = settings.ffmpeg === undefined ? findFfmpeg(process.env) : settings.ffmpeg;
  const seed = settings.seed ?? defaultSeed;
  const script = openShow(settings.scene, { startedAtMs: Date.now(), seed });
  const acts = openActs(script, Date.now);
  const destinations =
    settings.hasDestinations === false
      ? null
      : await openDestinations({
          ffmpeg,
          filesFolder: settings.filesFolder,
          decode: (path) => decodeFile(path, ffmpeg, acts.show, Date.now()),
        });
  if (destinations) closers.push(() => destinations.close());
  const egressLimit = settings.egressLimit ?? defaultEgressLimit;
  const standIn = await openStandIn({
    acts,
    apiKey,
    filesFolder: settings.filesFolder,
    ffmpeg,
    timing: { ...measuredTiming, ...settings.timing },
    egressLimit,
    ...(settings.sessionLimitMs === undefined ? {} : { sessionLimitMs: settings.sessionLimitMs }),
    ...(destinations ? { backup: destinations.backup } : {}),
    hasEgress: settings.hasEgress ?? true,
    canUnmute: false,
    behindUrl: behind?.url ?? null,
    now: Date.now,
  });
  closers.push(() => standIn.close());
  const { egress } = standIn;
  const metrics = egress && (await openMetricsPage(() => egress.figures(egressLimit)));
  if (metrics) closers.push(() => metrics.close());
  const links = behind ? null : openLinks(standIn, acts.show, apiKey);
  if (links) closers.push(() => links.close());
  const gladiaKey = randomBytes(16).toString('hex');
  const gladia = await openGladiaStandIn({ lexicon: acts.show.lexicon, key: gladiaKey });
  closers.push(() => gladia.close());
  if (behind && settings.castProgram) {
    const cast = await startCast(settings.castProgram, {
      scene: settings.scene,
      seed,
      startedAtMs: script.startedAtMs,
      url: behind.url,
      apiKey: behind.apiKey,
      apiSecret: behind.apiSecret,
    });
    closers.push(() => cast.close());
    if (!cast.isReady) settings.onNote?.('The people of the scene have not all joined the real server yet.');
  }
  const control = await openControl({
    standIn,
    links,
    gladia,
    destinations,
    show: acts.show,
    people: behind ? null : acts,
    ffmpeg,
  });
  closers.push(() => control.close());

  let closed: Promise<void> | null = null;
  return {
    addresses: {
      scene: settings.scene,
      livekit: { url: standIn.url.replace(/^http/, 'ws'), apiKey: apiKey.key, apiSecret: apiKey.secret },
      gladia: { url: gladia.url, key: gladiaKey },
      control: { url: control.url, token: control.token },
      destinations: destinations?.addresses ?? null,
      egressMetrics: metrics?.url ?? null,
      roomChild: behind ? null : { program: settings.roomChildProgram, env: {} },
    },
    show: acts.show,
    standIn,
    destinations,
    close: () => (closed ??= closeAll()),
  };
}

interface SceneLinks {
  readonly count: number;
  drop(): void;
  close(): Promise<void>;
}

/** The streams of the room child, counted for the drills. */
function openLinks(standIn: StandIn, show: SceneShow, apiKey: ApiKey): SceneLinks {
  const open = new Set<object>();
  standIn.server.on('upgrade', (request, socket) => {
    if (!request.url?.startsWith('/scene')) return refuseUpgrade(socket);
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  const stream = attachRoomStream({
    show,
    server: standIn.server,
    people: (room) => standIn.people(room),
    roomSid: (room) => standIn.roomSid(room),
    verifyToken: (token) => {
      const read = readToken(`Bearer ${token}`, null, apiKey, Date.now());
      const claims = 'claims' in read ? read.claims : null;
      return claims?.video?.roomJoin && claims.video.room && claims.sub
        ? { room: claims.video.room, identity: claims.sub }
        : null;
    },
  });
  return {
    get count() {
      return open.size;
    },
    drop: () => stream.drop(),
    close: () => stream.close(),
  };
}

function openControl(parts: {
  readonly standIn: StandIn;
  readonly links: SceneLinks | null;
  readonly gladia: GladiaStandIn;
  readonly destinations: Destinations | null;
  readonly show: SceneShow;
  readonly people: DrillTargets['people'];
  readonly ffmpeg: Ffmpeg | null;
}): Promise<ControlServer> {
  const { standIn, links, gladia, show } = parts;
  const targets: DrillTargets = {
    egress: standIn.egress?.faults ?? null,
    server: standIn,
    destinations: parts.destinations,
    people: parts.people,
    get sceneLinkCount() {
      return links?.count ?? 0;
    },
    dropSceneLinks: () => {
      const count = links?.count ?? 0;
      links?.drop();
      return count;
    },
    get transcriberCount() {
      return gladia.sessions().filter((session) => session.status !== 'done').length;
    },
    dropTranscribers: () => gladia.faults.closeNow('terminate'),
  };
  return openControlServer({
    state: () => ({
      scene: show.name,
      startedAtMs: show.startedAtMs,
      rooms: show.rooms,
      drills: drillStates(targets),
    }),
    drill: async (id) => {
      if (!isDrill(id)) throw new ControlRefusal(404, `There is no drill "${id}".`);
      return { text: await runDrill(id, targets) };
    },
    webhook: (url) => {
      if (!isLoopbackUrl(url) || !url.startsWith('http:')) {
        throw new ControlRefusal(400, 'A rehearsal sends webhooks only to an http address of this computer.');
      }
      standIn.webhooks.addUrl(url);
    },
    spoken: (room, fromMs, toMs) => ({
      words: show
        .spoken(room, fromMs, toMs)
        .map(({ identity, word, startMs, endMs }) => ({ identity, word, startMs, endMs })),
    }),
    decode: (path) => decodeFile(path, parts.ffmpeg, show, Date.now()),
    compare: (input) => compareWords(show, input),
  });
}

/** Where another program of the rehearsal lies beside this one: built (`.js`) or as source. */
export function programBeside(program: string, name: 'scene-child' | 'cast-child'): string {
  return join(dirname(program), name + extname(program));
}
