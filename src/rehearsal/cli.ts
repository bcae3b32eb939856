import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openRehearsal, type Rehearsal, type RehearsalSettings, programBeside } from './rehearsal.ts';

const help = `Cuedesk's rehearsal: a LiveKit, an egress and a transcriber of this computer alone.
  --scene NAME            what is played (town-hall)
  --seed N                the same seed plays the same words (1)
  --files DIR             where its recordings go; needed
  --egress-limit N        egress sessions at once (2)
  --session-limit S       a session of egress ends by itself after S seconds (never)
  --no-egress             behaves as a server without egress
  --livekit URL,KEY,SECRET  a real livekit-server of this computer has the rooms; LIVEKIT_BEHIND is read where it is not given
Its first line of output is JSON with all addresses. It ends on SIGTERM or when its input closes.
`;

/** A key on the command line is seen by every user of the machine, so the environment is offered too. */
function settingsOf(args: readonly string[], env: NodeJS.ProcessEnv): RehearsalSettings {
  const { values } = parseArgs({
    args: [...args],
    strict: true,
    options: {
      scene: { type: 'string', default: 'town-hall' },
      seed: { type: 'string', default: '1' },
      files: { type: 'string' },
      'egress-limit': { type: 'string', default: '2' },
      'session-limit': { type: 'string' },
      'no-egress': { type: 'boolean', default: false },
      livekit: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(help);
    process.exit(0);
  }
  if (!values.files) throw new RangeError('--files DIR is needed: the folder for the recordings.');
  const [url, apiKey, apiSecret] = (values.livekit ?? env['LIVEKIT_BEHIND'] ?? '').split(',');
  if (url && (!apiKey || !apiSecret)) throw new RangeError('--livekit takes URL,KEY,SECRET.');
  const program = fileURLToPath(import.meta.url);
  return {
    scene: values.scene,
    seed: wholeNumber('--seed', values.seed),
    filesFolder: values.files,
    egressLimit: wholeNumber('--egress-limit', values['egress-limit']),
    hasEgress: !values['no-egress'],
    ...(values['session-limit']
      ? { sessionLimitMs: wholeNumber('--session-limit', values['session-limit']) * 1000 }
      : {}),
    roomChildProgram: programBeside(program, 'scene-child'),
    castProgram: programBeside(program, 'cast-child'),
    onNote: (sentence) => process.stderr.write(`${sentence}\n`),
    ...(url && apiKey && apiSecret ? { behind: { url, apiKey, apiSecret } } : {}),
  };
}

function wholeNumber(option: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new RangeError(`${option} takes a whole number, not "${text}".`);
  return Number(text);
}

async function main(): Promise<void> {
  const stop = Promise.withResolvers<void>();
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => stop.resolve());
  process.stdin.on('end', () => stop.resolve());
  process.stdin.on('error', () => stop.resolve()); // the parent is gone
  process.stdin.resume();
  const rehearsal: Rehearsal = await openRehearsal(settingsOf(process.argv.slice(2), process.env));
  process.stdout.on('error', () => stop.resolve());
  process.stdout.write(`${JSON.stringify({ ready: true, ...rehearsal.addresses })}\n`);
  await stop.promise;
  await rehearsal.close();
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : 'The rehearsal met an error of its own.'}\n`);
    process.exit(1);
  },
);
