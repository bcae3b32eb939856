import { existsSync } from 'node:fs';
import { arch, availableParallelism, freemem, release, totalmem } from 'node:os';
import { join } from 'node:path';
import type { HistoryFilter } from '../../shared/contract/history.ts';
import { linesOf, logFiles } from '../observe/log-lines.ts';
import type { BundlePart } from '../observe/support-bundle.ts';
import type { ConsoleParts } from './parts.ts';

/** Some kilobytes each with their stories; who needs more exports the history. */
const maxJobs = 200;
const allJobs: HistoryFilter = { serverId: null, roomName: null, text: '', kind: null, state: null, fromMs: null };

/** What a support bundle holds: what shows what went wrong, and nothing of what was said. */
export function supportParts(parts: ConsoleParts): readonly BundlePart[] {
  const { dataFolder, logsFolder, history, incidents } = parts;
  const file = (name: string, holds: string, folder = dataFolder): BundlePart => ({
    name,
    holds,
    text: () => linesOf(join(folder, name)),
  });
  return [
    json('versions.json', 'Cuedesk and what it runs on: versions, folders, memory, disk.', () => versionsOf(parts)),
    ...[
      file('settings.json', 'The settings: servers, address book, storages, figures, without what is secret in them.'),
      file('shows.json', 'The shows.'),
    ].filter(({ name }) => existsSync(join(dataFolder, name))),
    json('servers.json', 'Each server with its limits and the captions of today, without a word of them; health.', () =>
      serversOf(parts),
    ),
    json('incidents.json', 'What went wrong or was decided, newest first.', () => incidents.list.value.incidents),
    {
      name: 'jobs.jsonl',
      holds: `The newest ${maxJobs} jobs, one a line, each with its files and its story.`,
      text: () => jsonLines(history.told(allJobs, maxJobs)),
    },
    ...logFiles(logsFolder).map((name) => ({ ...file(name, 'The log.', logsFolder), name: `logs/${name}` })),
  ];
}

const json = (name: string, holds: string, value: () => unknown): BundlePart => ({
  name,
  holds,
  text: () => [`${JSON.stringify(value(), null, 2)}\n`],
});

function* jsonLines(values: Iterable<unknown>): Generator<string> {
  for (const value of values) yield `${JSON.stringify(value)}\n`;
}

function versionsOf({ host, ffmpeg, dataFolder, settings, systemWatch, clock }: ConsoleParts): unknown {
  return {
    cuedesk: host.version,
    host: host.name,
    secrets: host.secrets.protection,
    system: { platform: process.platform, arch: arch(), release: release() },
    cores: availableParallelism(),
    memory: { totalBytes: totalmem(), freeBytes: freemem(), ownBytes: process.memoryUsage.rss() },
    now: new Date(clock.nowMs()).toISOString(),
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    runsForS: Math.round(process.uptime()),
    state: systemWatch.state.value,
    ffmpeg: ffmpeg.found ?? ffmpeg.problem,
    dataFolder,
    recordingsFolder: settings.settings.value.recordingsFolder,
    versions: process.versions,
  };
}

function serversOf({ servers, limits, captions, observability }: ConsoleParts): unknown {
  return {
    health: observability.health(),
    servers: servers.servers.value.servers.map(({ id, name, kind, egress, protection }) => ({
      id,
      name,
      kind,
      egress,
      protection,
      limits: limits.limits(id).value,
      captions: captions.sessions(id).value,
    })),
  };
}
