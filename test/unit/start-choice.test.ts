// The state of the start panel: what a change keeps, and what request it stands for.
import { noTiming, timedStart } from '../../src/shared/model/timing.ts';
import { describe, expect, it, vi } from 'vitest';
import { JobRequest, programRequest } from '../../src/shared/model/job-request.ts';
import { choiceOf } from '../../src/renderer/src/features/start/choice-of.ts';
import { orderOf } from '../../src/renderer/src/features/start/request-of.ts';
import {
  firstChoice,
  isStreamOnly,
  reduceChoice,
  streamChoice,
  type JobKind,
  type StartChange,
  type StartChoice,
} from '../../src/renderer/src/features/start/start-choice.ts';

const after = (...changes: StartChange[]): StartChoice => changes.reduce(reduceChoice, firstChoice);
const set = (part: Partial<Omit<StartChoice, 'kind' | 'outputs'>>): StartChange => ({ do: 'set', part });
const requestOf = (choice: StartChoice): JobRequest | undefined => orderOf(choice).order?.request;
const kinds: readonly JobKind[] = [
  'room-composite',
  'web',
  'participant',
  'track-composite',
  'track',
  'media',
  'template',
  'room-sound',
];

describe('the start panel’s state', () => {
  it('begins with the usual start', () => {
    expect(orderOf(firstChoice)).toEqual({
      order: { mode: 'best', request: programRequest('{room_name}-{time}.mp4', 'speaker') },
      missing: [],
    });
  });

  it('keeps what still applies when the kind changes, and finds the rest again on the way back', () => {
    const program = after(
      { do: 'add', output: 'segments' },
      { do: 'segments', part: { livePlaylistName: 'live.m3u8' } },
      set({ layout: 'grid', encoding: 'preset', preset: 'H264_720P_60', mode: 'egress-only' }),
    );
    const person = [{ do: 'kind', kind: 'participant' } as const, set({ identity: 'ada' })].reduce(
      reduceChoice,
      program,
    );
    expect(requestOf(person)).toMatchObject({
      kind: 'participant',
      identity: 'ada',
      encoding: { use: 'preset', preset: 'H264_720P_60' },
      outputs: { segments: { livePlaylistName: 'live.m3u8' } },
    });
    expect(requestOf(person)).not.toHaveProperty('layout');
    for (const kind of kinds) {
      const back = [{ do: 'kind', kind } as const, { do: 'kind', kind: 'room-composite' } as const].reduce(
        reduceChoice,
        program,
      );
      expect(orderOf(back), kind).toEqual(orderOf(program));
    }
  });

  it('renames a file that nobody has named, and leaves a name of one’s own', () => {
    const usual = after({ do: 'kind', kind: 'participant' });
    expect(usual.outputs.file?.filePath).toBe('{room_name}-{publisher_identity}-{time}.mp4');
    const own = after({ do: 'file', part: { filePath: 'show/{room_name}.mp4' } }, { do: 'kind', kind: 'participant' });
    expect(own.outputs.file?.filePath).toBe('show/{room_name}.mp4');
    const ogg = reduceChoice(own, { do: 'file', part: { fileType: 'ogg' } });
    expect(ogg.outputs.file?.filePath).toBe('show/{room_name}.ogg');
  });

  it('streams to the only address that is kept, and asks which where there are several', () => {
    const address = (id: string, kind: 'rtmp' | 'srt' | 'page') => ({ id, kind, isMissing: false });
    const to = (...kept: ReturnType<typeof address>[]) => streamChoice(kept).outputs.stream;
    expect(to(address('adr_1', 'srt'), address('adr_2', 'page'))).toEqual({
      protocol: 'srt',
      destinationIds: ['adr_1'],
    });
    expect(to(address('adr_1', 'srt'), address('adr_2', 'rtmp'))).toEqual({ protocol: 'rtmp', destinationIds: [] });
    expect(orderOf(streamChoice([])).missing).toEqual(['address']);
    expect(isStreamOnly(streamChoice([]))).toBe(true);
    expect(isStreamOnly(reduceChoice(streamChoice([]), { do: 'add', output: 'file' }))).toBe(false);
  });

  it('says what is missing, and makes no request before', () => {
    const missing = (...changes: StartChange[]): readonly string[] => orderOf(after(...changes)).missing;
    expect(missing({ do: 'kind', kind: 'web' })).toEqual(['page']);
    expect(missing({ do: 'kind', kind: 'participant' })).toEqual(['person']);
    expect(missing({ do: 'kind', kind: 'track' })).toEqual(['track']);
    expect(missing({ do: 'kind', kind: 'track-composite' })).toEqual(['tracks']);
    expect(missing({ do: 'kind', kind: 'media' }, set({ audioBy: 'none' }))).toEqual(['sources']);
    expect(missing({ do: 'kind', kind: 'media' }, set({ audioBy: 'routes' }))).toEqual(['routes']);
    expect(missing({ do: 'kind', kind: 'media' }, set({ videoBy: 'track' }))).toEqual(['video-track']);
    expect(missing({ do: 'kind', kind: 'template' }, set({ to: 'websocket' }))).toEqual(['websocket']);
    expect(missing({ do: 'remove', output: 'file' })).toEqual(['outputs']);
    expect(missing({ do: 'remove', output: 'file' }, { do: 'add', output: 'stream' })).toEqual(['address']);
    expect(missing({ do: 'add', output: 'stream' })).toEqual([]); // beside a file, addresses may follow
    const figure = set({ encoding: 'advanced', advanced: { ...firstChoice.advanced, width: NaN } });
    expect(missing(figure)).toEqual(['figures']);
    for (const kind of kinds) {
      const { order, missing: lacks } = orderOf(after({ do: 'kind', kind }));
      expect(order === null, kind).toBe(lacks.length > 0);
    }
  });

  it('asks for no picture and no layout where a WebSocket takes the sound', () => {
    const socket = set({ to: 'websocket', websocketId: 'ws-1', videoBy: 'participant', identity: 'ada' });
    expect(requestOf(after({ do: 'kind', kind: 'media' }, socket))).toEqual({
      kind: 'media',
      video: { by: 'none' },
      audio: { by: 'everybody' },
      output: { to: 'websocket', destinationId: 'ws-1' },
    });
    expect(requestOf(after({ do: 'kind', kind: 'template' }, socket))).toMatchObject({ layout: '', tracks: 'audio' });
    // Other kinds have no WebSocket, and look past the wish for one.
    expect(requestOf(after(socket))).toMatchObject({ kind: 'room-composite', outputs: { file: { fileType: 'mp4' } } });
  });

  it('sends a mixing of channels only where egress honours it', () => {
    const dual = set({ audioMixing: 'dual-channel-agent', tracks: 'audio' });
    expect(requestOf(after(dual))).toMatchObject({ audioMixing: 'default', layout: 'speaker' });
    expect(requestOf(after(dual, set({ layout: '' })))).toMatchObject({ audioMixing: 'dual-channel-agent' });
  });

  it('keeps the addresses of a stream to one protocol', () => {
    const stream = after({ do: 'add', output: 'stream' }, { do: 'stream', part: { destinationIds: ['a', 'b'] } });
    const same = reduceChoice(stream, { do: 'stream', part: { protocol: 'rtmp' } });
    expect(same.outputs.stream?.destinationIds).toEqual(['a', 'b']);
    const other = reduceChoice(stream, { do: 'stream', part: { protocol: 'srt' } });
    expect(other.outputs.stream).toEqual({ protocol: 'srt', destinationIds: [] });
  });

  it('comes back from the request that it made: of every kind, output and encoding', () => {
    const advanced = { ...firstChoice.advanced, width: 640, height: 360, keyFrameIntervalS: 2 };
    const filled: readonly Partial<Omit<StartChoice, 'kind' | 'outputs'>>[] = [
      { encoding: 'preset', preset: 'PORTRAIT_H264_720P_60', layout: 'grid', tracks: 'audio' },
      { encoding: 'advanced', advanced, layout: '', tracks: 'audio', audioMixing: 'dual-channel-agent' },
      { encoding: 'pass-through', videoBy: 'track', audioBy: 'none', awaitStartSignal: true, templateId: 'adr_9' },
      { videoBy: 'participant', audioBy: 'routes', screenShare: true, mode: 'egress-only' },
      { to: 'websocket', tracks: 'video', mode: 'desk-only' },
    ];
    const ids = set({
      pageId: 'adr_1',
      identity: 'ada',
      audioTrackSid: 'TR_a',
      videoTrackSid: 'TR_v',
      trackSid: 'TR_t',
      websocketId: 'adr_2',
      routes: [{ match: { by: 'kind', participantKind: 'agent' }, channel: 'left' }],
    });
    for (const kind of kinds)
      for (const part of filled) {
        const choice = after(
          { do: 'add', output: 'images' },
          { do: 'add', output: 'stream' },
          ids,
          { do: 'kind', kind },
          set(part),
        );
        const { order } = orderOf(choice);
        expect(order, kind).not.toBeNull();
        if (order) expect(orderOf(choiceOf(order.request, order.mode))).toEqual({ order, missing: [] });
      }
  });

  it('means the clock of the wall also in the night after the clocks were set forward', () => {
    vi.stubEnv('TZ', 'Europe/Berlin');
    try {
      const evening = Date.UTC(2026, 2, 29, 18); // of the day that had no half past two
      expect(timedStart({ ...noTiming, beginsAt: '20:30', endsAt: '2:30' }, evening)).toMatchObject({
        startAtMs: Date.UTC(2026, 2, 29, 18, 30),
        autoStop: { atMs: Date.UTC(2026, 2, 30, 0, 30) },
      });
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it('means the next time that the clock shows, and an end after the beginning', () => {
    const at = (day: number, hours: number): number => new Date(2026, 10, day, hours, 30).getTime();
    const evening = { ...noTiming, beginsAt: '20:30', endsAt: '19:30', afterMin: 90 };
    expect(timedStart(evening, at(21, 18))).toEqual({
      startAtMs: at(21, 20),
      autoStop: { afterMs: 5_400_000, atMs: at(22, 19), emptyForMs: null, silentForMs: null },
    });
    expect(timedStart({ ...noTiming, endsAt: '19:30' }, at(21, 19))).toMatchObject({ autoStop: { atMs: at(22, 19) } });
    expect(timedStart(noTiming, at(21, 18))).toEqual({ startAtMs: null, autoStop: null });
    for (const bad of [{ afterMin: 20_000 }, { beginsAt: '20:' }, { endsAt: '24:00' }])
      expect(orderOf(after(set({ timing: { ...noTiming, ...bad } }))).missing).toEqual(['figures']);
  });

  it('adds one file, stream and set of segments, and up to four sets of images', () => {
    const full = after(
      ...(['file', 'segments', 'segments', 'stream'] as const).map((output) => ({ do: 'add', output }) as const),
      ...Array.from({ length: 6 }, () => ({ do: 'add', output: 'images' }) as const),
      { do: 'images', index: 1, part: { captureIntervalS: 60 } },
      { do: 'remove', output: 'images', index: 0 },
    );
    expect(full.outputs.images.map((each) => each.captureIntervalS)).toEqual([60, 10, 10]);
    expect(JobRequest.safeParse(requestOf(full)).success).toBe(true);
  });
});
