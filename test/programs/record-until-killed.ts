// Records two made-up voices into the folder of its argument until it is killed; says how long it has.
import { argv, stdout } from 'node:process';
import { soundTools } from '../../src/core/audio/sound-tools.ts';
import { SoundRecorder } from '../../src/core/desk/sound-recorder.ts';
import { systemClock } from '../../src/core/live/clock.ts';
import { silentLog } from '../../src/core/live/log.ts';
import { ScriptedFeed } from '../support/scripted-feed.ts';

const feed = new ScriptedFeed(systemClock);
const recorder = SoundRecorder.open({
  jobId: 'job-killed',
  feed,
  folder: argv[2] ?? '.',
  baseName: 'Town hall',
  tools: soundTools,
  clock: systemClock,
  log: silentLog,
});
const voice = (name: string, hz: number): void =>
  feed.join({
    sourceId: name,
    identity: name,
    name,
    startedAtMs: Date.now(),
    sampleAt: (atMs) => Math.round(8_000 * Math.sin((2 * Math.PI * hz * atMs) / 1_000)),
  });
voice('Ada', 440);
voice('Bob', 550);
setInterval(() => feed.run(), 10);
const startedAtMs = await recorder.began;
setInterval(() => stdout.write(`${JSON.stringify({ startedAtMs, nowMs: Date.now() })}\n`), 100);
