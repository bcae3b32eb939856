import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

/** What may be said on the command line of either host. */
export interface StartOptions {
  /** Absolute; null: the host's own place. */
  readonly dataFolder: string | null;
  /** 0: any free port. Of the headless host only. */
  readonly port: number;
  /** Choose the saved server of this address at the start. */
  readonly serverUrl: string | null;
  readonly scene: string;
  readonly hasRehearsal: boolean;
  /** Serve the metrics on the loopback address. */
  readonly hasMetrics: boolean;
  readonly wantsHelp: boolean;
}

const known = {
  data: { type: 'string' },
  port: { type: 'string', default: '0' },
  server: { type: 'string' },
  scene: { type: 'string', default: 'town-hall' },
  'no-rehearsal': { type: 'boolean', default: false },
  metrics: { type: 'boolean', default: false },
  'no-open': { type: 'boolean', default: false }, // of scripts/start.mjs, which opens the browser; harmless here
  help: { type: 'boolean', short: 'h', default: false },
} as const;

const isText = (name: string): boolean =>
  Object.entries(known).some(([key, { type }]) => key === name && type === 'string');

/**
 * Throws an Error with a sentence where a value is wrong. `lenient` passes over what it does not know, for Electron,
 * whose command line carries switches of Chromium too.
 */
export function parseStartOptions(args: readonly string[], mode: 'strict' | 'lenient' = 'strict'): StartOptions {
  const { values, positionals, tokens } = parseArgs({
    args: [...args],
    options: known,
    strict: false, // its own words are of Node and not of Cuedesk
    allowPositionals: true,
    tokens: true,
  });
  if (mode === 'strict') {
    const isUnknown = (name: string): boolean => !Object.hasOwn(known, name);
    const stranger = tokens.find((token) => token.kind === 'option' && isUnknown(token.name));
    const word = stranger?.kind === 'option' ? stranger.rawName : positionals[0];
    if (word !== undefined) throw new Error(`"${word}" is no option of Cuedesk; --help lists them.`);
    for (const token of tokens) {
      if (token.kind === 'option' && isText(token.name) && token.value === undefined) {
        throw new Error(`${token.rawName} needs a value.`);
      }
    }
  }
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error('--port takes a number from 0 to 65535.');
  const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
  const dataFolder = text(values.data);
  return {
    dataFolder: dataFolder === null ? null : resolve(dataFolder),
    port,
    serverUrl: text(values.server),
    scene: text(values.scene) ?? 'town-hall',
    hasRehearsal: values['no-rehearsal'] !== true,
    hasMetrics: values.metrics === true,
    wantsHelp: values.help === true,
  };
}
