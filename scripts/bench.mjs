// npm run bench: every benchmark of test/bench, each a ratio against a named peer in the same run.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './lib/paths.mjs';
import { ensureChromium, ensureFfmpeg } from './lib/programs.mjs';
import { lastLines, main, run, say, SetupError, step } from './lib/step.mjs';
import { ensureBuild, ensureNode, ensurePackages, productEnv } from './setup.mjs';

const benches = readdirSync(join(root, 'test/bench'))
  .filter((file) => /\.bench\.(ts|mjs)$/.test(file))
  .sort();
const help = `Benchmarks, each a ratio against a named peer in the same run.

npm run bench                           all of them
npm run bench -- window --minutes 1     those of a name, with options of their own

${benches.map((file) => `  ${file.split('.')[0]}`).join('\n')}`;

await main(async () => {
  if (process.argv.includes('--help') || process.argv.includes('-h')) {
    say(help);
    return 0;
  }
  await ensurePackages();
  const node = ensureNode();
  await ensureBuild();
  const env = {
    ...productEnv(node),
    FFMPEG_PATH: (await ensureFfmpeg()).path ?? '',
    CUEDESK_CHROMIUM: (await ensureChromium()).path ?? '',
  };
  const args = process.argv.slice(2);
  const firstOption = args.findIndex((arg) => arg.startsWith('--'));
  const wanted = firstOption === -1 ? args : args.slice(0, firstOption);
  const options = firstOption === -1 ? [] : args.slice(firstOption);
  let failed = 0;
  let measured = 0;
  for (const file of benches) {
    if (wanted.length > 0 && !wanted.some((name) => file.includes(name))) continue;
    measured++;
    const result = await step(`Measuring (${file})`, () =>
      run(node, [join(root, 'test/bench', file), ...options], { cwd: root, env, limitMs: 1_200_000 }),
    );
    if (!result.ok) {
      failed++;
      say(`FAILED  ${file}\n${lastLines(result.output)}`);
      continue;
    }
    for (const line of result.output.split('\n').filter((text) => text.startsWith('{'))) {
      const row = JSON.parse(line);
      const peer = row.peer ? `, against ${row.peer}: ratio ${row.ratio}` : '';
      say(`${row.name}: ${row.figure} ${row.unit}${peer} (wanted: ${row.target})`);
    }
  }
  if (measured === 0) throw new SetupError(`There is no benchmark "${wanted.join(' ')}" in test/bench.`);
  return failed > 0 ? 1 : 0;
});
