import { type EgressInfo, ImageFileSuffix } from '@livekit/protocol';
import type { S3Upload } from '@livekit/protocol';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import type { EncodedCourse } from './course.ts';
import { made } from './encoder-arguments.ts';
import { fileName, imagePrefix, type NameParts, numbered, segmentNames } from './file-name.ts';
import type { JobContext } from './job.ts';
import { manifestOf } from './manifest.ts';
import { eventPlaylist, livePlaylist, type Segment } from './playlists.ts';
import type { FoundSource } from './source.ts';
import { openStore, type Store } from './store.ts';

/** Takes what the encoder has made to where it belongs, and tells the results of it. */
export interface Keeper {
  /** The names as they now are, and the start times. */
  begin(info: EgressInfo, atNs: bigint): void;
  /** Looks for finished segments and pictures; called often. */
  look(): void;
  /** Counts and sizes so far. */
  readonly bringUpToDate: (info: EgressInfo) => void;
  /** Keeps the rest and the manifests; how that changes the info. Rejects with an UploadError. */
  finish(endedAtNs: bigint): Promise<(info: EgressInfo) => void>;
  /** The results of an egress whose segments could not be kept: a negative duration, as measured. */
  readonly spoil: (info: EgressInfo) => void;
  settled(): Promise<void>;
}

export interface KeeperTools {
  readonly folder: string;
  readonly filesFolder: string;
  backup(): S3Upload | null;
  readonly onBroken: (error: unknown) => void;
}

/** The names of all results, filled in; for the first info of some kinds, and for every kind once it is ACTIVE. */
export function nameResults(info: EgressInfo, course: EncodedCourse, parts: NameParts): void {
  const { file, segments, images } = course;
  for (const result of file ? info.fileResults : []) {
    if (file) result.filename = fileName(file.path, file.ending, parts);
  }
  for (const result of segments ? info.segmentResults : []) {
    if (!segments) continue;
    const names = segmentNames(segments.output, parts);
    result.playlistName = names.playlist;
    result.livePlaylistName = names.livePlaylist;
  }
  info.imageResults.forEach((result, index) => {
    result.filenamePrefix = imagePrefix(images[index]?.output.filenamePrefix ?? '', parts);
  });
}

export function openKeeper(job: JobContext, course: EncodedCourse, found: FoundSource, tools: KeeperTools): Keeper {
  const { row, timing } = job;
  const { folder } = tools;
  const parts: NameParts = { identifier: job.room, ...namesOf(job), ...found.names, atMs: job.namedAtMs };
  const stores = new Map<S3Upload | null, Store>();
  const storeOf = (storage: S3Upload | null): Store => {
    const known = stores.get(storage);
    const { filesFolder } = tools;
    const store = known ?? openStore({ filesFolder, storage, backup: tools.backup(), timing, signal: job.killed });
    stores.set(storage, store);
    return store;
  };
  let startedAtMs = 0;
  let work: Promise<void> = Promise.resolve();
  let failure: unknown = null;
  const after = (step: () => Promise<void>): void => {
    work = work.then(async () => {
      if (failure === null) await step();
    });
    work = work.catch((error: unknown) => {
      failure = error;
      tools.onBroken(error);
    });
  };

  const segments = {
    names: course.segments ? segmentNames(course.segments.output, parts) : null,
    listed: 0,
    taken: 0,
    kept: [] as (Segment & { readonly location: string })[],
    bytes: 0,
    playlist: '',
    livePlaylist: '',
  };
  const images = course.images.map(({ output, storage }) => ({
    prefix: imagePrefix(output.filenamePrefix, parts),
    output,
    storage,
    taken: 0,
    kept: [] as { readonly name: string; readonly location: string; readonly atMs: number }[],
  }));

  const keepPlaylists = async (isOver: boolean): Promise<void> => {
    const { names, kept } = segments;
    if (!names || !course.segments) return;
    const store = storeOf(course.segments.storage);
    const targetS = course.make.segmentS ?? 4;
    const place = join(folder, 'playlist.m3u8');
    writeFileSync(place, eventPlaylist(names.playlist, kept, targetS, isOver));
    segments.playlist = await store.keep(place, names.playlist);
    if (names.livePlaylist === '') return;
    writeFileSync(place, livePlaylist(names.livePlaylist, kept, targetS, isOver));
    segments.livePlaylist = await store.keep(place, names.livePlaylist);
  };

  const takeSegments = (isOver: boolean): void => {
    const { names } = segments;
    if (!names || !course.segments) return;
    const { storage, output } = course.segments;
    // ffmpeg lists a segment right before it closes its file: taken is what was listed one look ago.
    const listed = finishedSegments(folder);
    const whole = isOver ? listed : listed.slice(0, segments.listed);
    segments.listed = listed.length;
    for (const [file, fromS, toS] of whole.slice(segments.taken)) {
      const atMs = startedAtMs + fromS * 1000;
      const name = `${names.prefix}${numbered(output.filenameSuffix, segments.taken, atMs)}.ts`;
      segments.taken += 1;
      after(async () => {
        const place = join(folder, file);
        const location = await storeOf(storage).keep(place, name);
        segments.kept.push({ name, location, startedAtMs: atMs, durationS: toS - fromS });
        segments.bytes += statSync(place).size;
        await keepPlaylists(false);
      });
    }
  };

  const takeImages = (): void => {
    images.forEach((one, number) => {
      for (; existsSync(join(folder, made.image(number, one.taken))); one.taken += 1) {
        const index = one.taken;
        const atMs = startedAtMs + index * (one.output.captureInterval || 10) * 1000;
        const name = `${one.prefix}${imageSuffix(one.output.filenameSuffix, index, atMs)}.jpeg`;
        after(async () => {
          const location = await storeOf(one.storage).keep(join(folder, made.image(number, index)), name);
          one.kept.push({ name, location, atMs });
        });
      }
    });
  };

  const bringUpToDate = (info: EgressInfo): void => {
    for (const result of info.segmentResults) {
      result.size = BigInt(segments.bytes);
      result.segmentCount = BigInt(segments.kept.length);
      result.playlistLocation = segments.playlist;
      result.livePlaylistLocation = segments.livePlaylist;
    }
    info.imageResults.forEach((result, index) => (result.imageCount = BigInt(images[index]?.kept.length ?? 0)));
  };

  /** A manifest in every folder of an output that wants one. */
  const keepManifests = async (endedAtNs: bigint, file: { name: string; location: string } | null): Promise<string> => {
    const outputs = [
      ...(course.file ? [{ ...course.file, name: file?.name ?? '' }] : []),
      ...(course.segments ? [{ ...course.segments, name: segments.names?.playlist ?? '' }] : []),
      ...course.images.map((output, index) => ({ ...output, name: images[index]?.prefix ?? '' })),
    ].filter((output) => output.hasManifest);
    const place = join(folder, 'manifest.json');
    writeFileSync(place, manifestOf(row.info, found, endedAtNs, file, segments, images));
    const locations = new Map<string, string>();
    for (const { name, storage } of outputs) {
      const target = posix.join(posix.dirname(name), `${row.id}.json`);
      if (!locations.has(target)) locations.set(target, await storeOf(storage).keep(place, target));
    }
    return [...locations.values()][0] ?? '';
  };

  return {
    begin: (info, atNs) => {
      startedAtMs = Number(atNs / 1_000_000n);
      nameResults(info, course, parts);
      for (const result of [...info.fileResults, ...info.segmentResults, ...info.imageResults]) result.startedAt = atNs;
    },
    look: () => {
      takeSegments(false);
      takeImages();
    },
    bringUpToDate,
    spoil: (info) => {
      for (const result of info.segmentResults) result.duration = -result.startedAt;
    },
    finish: async (endedAtNs) => {
      takeSegments(true);
      takeImages();
      after(() => keepPlaylists(true));
      await work;
      if (failure !== null) throw failure as Error; // whatever a store threw
      const [result] = row.info.fileResults;
      const file = course.file && result ? await keepFile(course.file, result.filename) : null;
      const manifest = await keepManifests(endedAtNs, file);
      return (info) => {
        for (const one of [...info.fileResults, ...info.segmentResults, ...info.imageResults]) one.endedAt = endedAtNs;
        for (const one of [...info.fileResults, ...info.segmentResults]) one.duration = endedAtNs - one.startedAt;
        for (const one of info.fileResults) {
          one.size = BigInt(file?.bytes ?? 0);
          one.location = file?.location ?? '';
        }
        info.manifestLocation = manifest;
        info.backupStorageUsed = [...stores.values()].some((store) => store.usedBackup);
      };
    },
    settled: () => work,
  };

  async function keepFile(output: NonNullable<EncodedCourse['file']>, name: string) {
    const place = join(folder, made.file(output.ending));
    return { name, location: await storeOf(output.storage).keep(place, name), bytes: statSync(place).size };
  }
}

/** Name, start and end in seconds of the segments that are whole. */
function finishedSegments(folder: string): readonly (readonly [name: string, fromS: number, toS: number])[] {
  const list = join(folder, made.segmentList);
  if (!existsSync(list)) return [];
  const lines = readFileSync(list, 'utf8').split('\n').slice(0, -1); // the last one may still be written
  return lines.map((line) => {
    const [name = '', from = '0', to = '0'] = line.split(',');
    return [name, Number(from), Number(to)];
  });
}

function imageSuffix(suffix: ImageFileSuffix, index: number, atMs: number): string {
  if (suffix === ImageFileSuffix.IMAGE_SUFFIX_NONE_OVERWRITE) return '';
  return numbered(suffix === ImageFileSuffix.IMAGE_SUFFIX_TIMESTAMP ? 1 : 0, index, atMs);
}

function namesOf({ room, row }: JobContext): { readonly roomName?: string; readonly roomId?: string } {
  return room === '' ? {} : { roomName: room, roomId: row.info.roomId };
}
