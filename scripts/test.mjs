// npm test: installs what is missing, then every check and every test. Last line: N passed, N failed, N skipped.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { check } from './check.mjs';
import { ensureAzurite } from './lib/azurite.mjs';
import { root } from './lib/paths.mjs';
import { ensureChromium, ensureFfmpeg, ensureRedis, findLivekitServer } from './lib/programs.mjs';
import { main, run, say } from './lib/step.mjs';
import { installLivekit } from './livekit.mjs';
import { ensureBuild, ensureNode, ensurePackages, productEnv } from './setup.mjs';

const required = (process.env.CUEDESK_REQUIRE ?? '').split(',').filter(Boolean);

/** What the machine lacks: loudly skipped, or a failure where it is required. */
async function findParts() {
  const parts = {
    ffmpeg: await ensureFfmpeg(),
    chromium: await ensureChromium(),
    redis: await ensureRedis(),
    azurite: await ensureAzurite(),
  };
  const livekit = findLivekitServer();
  if (livekit) parts['livekit-server'] = { path: livekit };
  else if (required.includes('livekit-server')) parts['livekit-server'] = await installLivekit();
  else parts['livekit-server'] = { missing: 'livekit-server was not found: npm run livekit installs it.' };
  return parts;
}

await main(async () => {
  say('Cuedesk: checks and tests.');
  await ensurePackages();
  const node = ensureNode();
  await ensureBuild();
  const parts = await findParts();
  let failed = 0;
  for (const [name, part] of Object.entries(parts)) {
    if (!part.missing) continue;
    const isRequired = required.includes(name);
    if (isRequired) failed++;
    say(`==== ${isRequired ? 'MISSING' : 'SKIPPED'}: every test that needs ${name}. ${part.missing} ====`);
  }
  failed += await check();

  const folder = mkdtempSync(join(tmpdir(), 'cuedesk-test-'));
  const report = join(folder, 'report.json');
  const env = {
    ...productEnv(node),
    ...(parts.ffmpeg.path ? { FFMPEG_PATH: parts.ffmpeg.path } : {}),
    ...(parts.chromium.path ? { CUEDESK_CHROMIUM: parts.chromium.path } : {}),
    ...(parts.redis.path ? { REDIS_SERVER: parts.redis.path } : {}),
    ...(parts.azurite.path ? { CUEDESK_AZURITE: parts.azurite.path } : {}),
    ...(parts['livekit-server'].path ? { LIVEKIT_SERVER: parts['livekit-server'].path } : {}),
    NODE_ENV: 'test',
  };
  const args = [
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...process.argv.slice(2),
  ];
  const result = await run(node, [join(root, 'node_modules/vitest/vitest.mjs'), ...args], {
    cwd: root,
    env,
    show: true,
    limitMs: 3_600_000,
  });
  let counts = { numPassedTests: 0, numFailedTests: 1, numPendingTests: 0, numTodoTests: 0 };
  try {
    counts = JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    say('The test runner ended without a report.'); // counted as one failure
  }
  rmSync(folder, { recursive: true, force: true });
  failed += counts.numFailedTests;
  if (!result.ok && failed === 0) failed = 1; // an error outside of any test
  say(`${counts.numPassedTests} passed, ${failed} failed, ${counts.numPendingTests + counts.numTodoTests} skipped`);
  return failed > 0 ? 1 : 0;
});
