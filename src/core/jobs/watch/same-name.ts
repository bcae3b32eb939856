import type { JobWarning } from '../../../shared/model/job.ts';
import { outputsOf } from '../../../shared/model/job-request.ts';
import type { JobState } from '../job-state.ts';
import type { JobFacts } from './facts.ts';

/**
 * The name that another egress of the server writes too, as two consoles do that start the same template in the same second;
 * null where there is none. Only names that egress has filled in: what the server still tells with its fields is not known.
 */
export function sharedName(job: JobState, running: readonly JobState[]): string | null {
  if (job.startedBy === 'elsewhere') return null; // whoever started it is to look
  const names = namesOf(job);
  if (names.length === 0) return null;
  const others = running.filter((other) => other.id !== job.id && other.serverId === job.serverId);
  const taken = others.filter((other) => mayBeSamePlace(job, other)).flatMap(namesOf);
  return names.find((name) => taken.includes(name)) ?? null;
}

function namesOf({ egress }: JobState): readonly string[] {
  if (egress.at !== 'active' && egress.at !== 'ending') return [];
  const { files, segments } = egress.results;
  const names = [...files.map((file) => file.name), ...segments.map((one) => one.playlistName)];
  return names.filter((name) => name !== '' && !name.includes('{'));
}

/** The server does not tell where that of others lies. */
function mayBeSamePlace(job: JobState, other: JobState): boolean {
  if (other.startedBy === 'elsewhere') return true;
  const places = storagesOf(other);
  return storagesOf(job).some((storageId) => places.includes(storageId));
}

function storagesOf({ request }: JobState): readonly (string | null)[] {
  if (request.kind === 'track') return request.output.to === 'file' ? [request.output.storageId] : [];
  const outputs = outputsOf(request);
  return [outputs?.file, outputs?.segments].flatMap((output) => (output ? [output.storageId] : []));
}

export function sameName({ job, sharedName: name }: JobFacts): JobWarning | null {
  if (name === null || job.stopAskedAtMs !== null) return null;
  return {
    code: 'same-name',
    sinceMs: job.phaseAtMs,
    text: `Another egress of this server writes to the same name, ${name}: in the same storage the one that ends last replaces the file of the other.`,
    advice:
      'Start it again, and stop this one: the time in the name is another then. For the next evening, give each console a word of its own in the name.',
    steps: ['retry'],
  };
}
