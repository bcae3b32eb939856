// Records two made-up voices into the folder of its argument until it is killed; says how much of each file would play then.
import { argv, stdout } from 'node:process';
import { soundTools } from '../../src/core/audio/sound-tools.ts';
import { SoundRecorder } from '../../src/core/desk/sound-recorder.ts';
import { silentLog } from '../../src/core/live/log.ts';
import { ScriptedFeed } from '../support/scripted-feed.ts';
import { SteadyClock } from '../support/steady-clock.ts';

const clock = new SteadyClock(Date.now());
const feed = new ScriptedFeed(clock);
const recorder = SoundRecorder.open({
  jobId: 'job-killed',
  feed,
  folder: argv[2] ?? '.',
  baseName: 'Town hall',
  tools: soundTools,
  clock,
  log: silentLog,
});
const voice = (name: string, hz: number): void =>
  feed.join({
    sourceId: name,
    identity: name,
    name,
    startedAtMs: clock.nowMs(),
    sampleAt: (atMs) => Math.round(8_000 * Math.sin((2 * Math.PI * hz * atMs) / 1_000)),
  });
voice('Ada', 440);
voice('Bob', 550);
for (;;) {
  await clock.delay(10);
  feed.run();
  const plays = recorder.files().map(({ name, durationMs }) => [name, durationMs] as const);
  stdout.write(`${JSON.stringify(plays)}\n`);
}
