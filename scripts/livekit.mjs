// npm run livekit: puts a livekit-server into the user's cache: the release archive with its checksum, or go install.
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, findOnPath } from './lib/paths.mjs';
import { findLivekitServer } from './lib/programs.mjs';
import { lastLines, main, run, say, step } from './lib/step.mjs';

/** The newest release that was measured; newer ones may need forks that `go install` refuses. */
const version = '1.13.5';
const downloadLimitMs = 60_000;
const program = process.platform === 'win32' ? 'livekit-server.exe' : 'livekit-server';
const systems = { linux: 'linux', win32: 'windows' };
const architectures = { x64: 'amd64', arm64: 'arm64' };

async function fetchBytes(url) {
  const answer = await fetch(url, { signal: AbortSignal.timeout(downloadLimitMs) });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  return Buffer.from(await answer.arrayBuffer());
}

/** The archive of the release, checked; resolves to the program's path in `folder`. */
async function fromRelease(folder) {
  const system = systems[process.platform];
  const architecture = architectures[process.arch];
  if (!system || !architecture) throw new Error(`no release for ${process.platform} ${process.arch}`);
  const base = `https://github.com/livekit/livekit/releases/download/v${version}`;
  const name = `livekit_${version}_${system}_${architecture}.${system === 'windows' ? 'zip' : 'tar.gz'}`;
  const sums = (await fetchBytes(`${base}/checksums.txt`)).toString();
  const wanted = sums
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .find(([, file]) => file === name)?.[0];
  if (!wanted) throw new Error(`${name} has no checksum in the release`);
  const bytes = await fetchBytes(`${base}/${name}`);
  if (createHash('sha256').update(bytes).digest('hex') !== wanted)
    throw new Error(`${name} does not match its checksum`);
  const archive = join(folder, name);
  writeFileSync(archive, bytes);
  const result = await run('tar', ['-xf', archive, '-C', folder]);
  if (!result.ok) throw new Error(`${name} could not be unpacked`);
  return join(folder, program);
}

async function fromGo(folder) {
  const result = await run('go', ['install', `github.com/livekit/livekit-server/cmd/server@v${version}`], {
    env: { ...process.env, GOBIN: folder, CGO_ENABLED: '0', GOFLAGS: '' },
  });
  if (!result.ok) throw new Error(`go install failed:\n${lastLines(result.output)}`);
  return join(folder, readdirSync(folder).find((name) => name.startsWith('server')) ?? program);
}

/** Resolves to {path} or {missing: a sentence}. Nothing is left half-installed: the finished program is moved in one step. */
export async function installLivekit() {
  const present = findLivekitServer();
  if (present) return { path: present };
  let folder;
  try {
    mkdirSync(cacheFolder(), { recursive: true });
    folder = mkdtempSync(join(cacheFolder(), 'install-'));
  } catch (error) {
    return { missing: `livekit-server could not be installed: ${error.message}. Set CUEDESK_CACHE to another folder.` };
  }
  const ways = [['Downloading', fromRelease], ...(findOnPath('go') ? [['Building (go install)', fromGo]] : [])];
  const reasons = [];
  try {
    for (const [name, way] of ways) {
      try {
        const made = await step(`${name} livekit-server ${version}`, () => way(folder));
        if (!existsSync(made)) throw new Error('the program is not in what came');
        chmodSync(made, 0o755);
        const path = join(cacheFolder(), program);
        renameSync(made, path);
        return { path };
      } catch (error) {
        reasons.push(error.cause?.message ?? error.message);
      }
    }
    return {
      missing: `livekit-server could not be installed (${reasons.join('; ')}). Install Go, or set LIVEKIT_SERVER to a livekit-server.`,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (import.meta.filename === process.argv[1]) {
  await main(async () => {
    const result = await installLivekit();
    say(result.path ? `livekit-server is at ${result.path}` : result.missing);
    return result.path ? 0 : 1;
  });
}
