import { open, readdir, readFile, rename, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Problem } from '../../shared/model/common.ts';
import { ProblemError } from '../../shared/model/problem-error.ts';
import type { Log } from '../live/log.ts';
import { fileProblem } from './file-problem.ts';
import { sampleRateHz } from './ports.ts';
import { SidecarContent, sidecarSuffix } from './sidecar.ts';
import { isOurWavHeader, setWavSizes, wavHeaderBytes } from './wav-header.ts';

const maxSidecarBytes = 4 << 20;
/** A running recording touches its files five times a second. */
const heldMs = 10_000;

interface RepairedFile {
  readonly name: string;
  readonly path: string;
  /** Null: the mix. */
  readonly identity: string | null;
  readonly bytes: number;
  readonly durationMs: number;
  readonly startedAtMs: number;
}
/** A recording that a crash has cut off, whole again up to its last second. */
interface RepairedRecording {
  readonly jobId: string;
  readonly startedAtMs: number;
  /** When its longest file ends. */
  readonly endedAtMs: number;
  readonly files: readonly RepairedFile[];
  /** Files that could not be saved, and why. */
  readonly problems: readonly { readonly name: string; readonly problem: Problem }[];
  /** To be called once this is written down: until then the next start finds it again. */
  forget(): Promise<void>;
}
export interface RepairResult {
  readonly recordings: readonly RepairedRecording[];
  /** Notes that could not be read, and where they were put. */
  readonly setAside: readonly { readonly path: string; readonly why: string }[];
}

/** Looks through a folder for recordings that were not finished, and makes their files playable. Harmless to repeat. */
export async function repairRecordings(
  folder: string,
  options: { readonly nowMs: number; readonly log: Log },
): Promise<RepairResult> {
  const recordings: RepairedRecording[] = [];
  const setAside: { path: string; why: string }[] = [];
  for (const name of await namesIn(folder)) {
    const path = join(folder, name);
    const content = await readSidecar(path);
    if (typeof content === 'string') {
      const aside = `${path}.unreadable-${options.nowMs}`;
      await rename(path, aside);
      setAside.push({ path: aside, why: content });
      options.log.warn('The note beside a recording could not be read and was kept aside', { why: content });
    } else if (!(await isHeld(folder, content, options.nowMs))) {
      recordings.push(await repairOne(folder, path, content));
      options.log.info('A recording that was cut off was repaired', { jobId: content.jobId });
    }
  }
  return { recordings, setAside };
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => name.endsWith(sidecarSuffix)).sort();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return []; // nothing was recorded there yet
    throw fileProblem(error, folder);
  }
}

/** The note, or why it cannot be read. */
async function readSidecar(path: string): Promise<SidecarContent | string> {
  try {
    if ((await stat(path)).size > maxSidecarBytes) return 'It is too large.';
    const parsed = SidecarContent.safeParse(JSON.parse(await readFile(path, 'utf8')));
    return parsed.success ? parsed.data : 'It does not have the form that Cuedesk writes.';
  } catch (error) {
    return error instanceof SyntaxError ? 'It is not whole.' : fileProblem(error, '').problem.text;
  }
}

/** True while another Cuedesk still writes it. */
async function isHeld(folder: string, { pid, files }: SidecarContent, nowMs: number): Promise<boolean> {
  if (pid === process.pid) return false; // numbers are used again: ours cannot have begun before us
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (codeOf(error) === 'ESRCH') return false; // it is gone
  }
  for (const { name } of files) {
    const found = await stat(join(folder, name)).catch(() => null); // a file that is not there is written by nobody
    if (found && nowMs - found.mtimeMs < heldMs) return true;
  }
  return false;
}

async function repairOne(folder: string, sidecarPath: string, content: SidecarContent): Promise<RepairedRecording> {
  const files: RepairedFile[] = [];
  const problems: { name: string; problem: Problem }[] = [];
  for (const { name, identity } of content.files) {
    if (/[/\\]/.test(name)) continue; // a note that was tampered with must not lead out of the folder
    try {
      const repaired = await repairFile(join(folder, name), content.startedAtMs);
      files.push({ name, path: join(folder, name), identity, ...repaired });
    } catch (error) {
      problems.push({ name, problem: codeOf(error) === 'ENOENT' ? gone(name) : fileProblem(error, name).problem });
    }
  }
  const endedAtMs = Math.max(content.startedAtMs, ...files.map((file) => file.startedAtMs + file.durationMs));
  return {
    jobId: content.jobId,
    startedAtMs: content.startedAtMs,
    endedAtMs,
    files,
    problems,
    forget: async () => {
      try {
        await unlink(sidecarPath);
      } catch (error) {
        if (codeOf(error) !== 'ENOENT') throw fileProblem(error, sidecarPath); // gone is what it should be
      }
    },
  };
}

const gone = (name: string): Problem => ({
  code: 'file-gone',
  fault: 'yours',
  retryable: false,
  text: `The file "${name}" is not there any more.`,
});

/** Gives the head the sizes that the file has. */
async function repairFile(
  path: string,
  recordingStartedAtMs: number,
): Promise<{ readonly bytes: number; readonly durationMs: number; readonly startedAtMs: number }> {
  const file = await open(path, 'r+');
  try {
    const head = Buffer.alloc(wavHeaderBytes);
    await file.read(head, 0, wavHeaderBytes, 0);
    if (!isOurWavHeader(head))
      throw new ProblemError({
        code: 'file-not-ours',
        fault: 'ours',
        retryable: false,
        text: 'The file does not begin as Cuedesk wrote it; it was left as it is.',
      });
    const { size } = await file.stat();
    const dataBytes = Math.max(0, Math.floor((size - wavHeaderBytes) / 2) * 2);
    setWavSizes(head, dataBytes);
    await file.write(head, 0, wavHeaderBytes, 0);
    await file.truncate(wavHeaderBytes + dataBytes);
    await file.sync();
    return {
      bytes: wavHeaderBytes + dataBytes,
      durationMs: (dataBytes / 2 / sampleRateHz) * 1000,
      startedAtMs: startOf(head, recordingStartedAtMs),
    };
  } finally {
    await file.close();
  }
}

/** When the first sample of a part was made: its head counts samples since midnight; parts of later days are after the first. */
function startOf(head: Buffer, recordingStartedAtMs: number): number {
  const day = Date.parse(`${head.toString('latin1', 20 + 320, 20 + 330)}T00:00:00Z`);
  const startedAtMs = day + (Number(head.readBigUInt64LE(20 + 338)) * 1000) / sampleRateHz;
  return Number.isFinite(startedAtMs) ? startedAtMs : recordingStartedAtMs;
}

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);
