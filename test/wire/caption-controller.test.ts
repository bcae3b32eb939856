import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CaptionBus } from '../../src/core/audio/caption-bus.ts';
import { CaptionController } from '../../src/core/captions/caption-controller.ts';
import type { AudioFeed, FeedEvent } from '../../src/core/captions/ports.ts';
import { closeLimitMs } from '../../src/core/captions/caption-timing.ts';
import { systemClock, type Clock } from '../../src/core/live/clock.ts';
import { Listeners } from '../../src/core/live/listeners.ts';
import { silentLog } from '../../src/core/live/log.ts';
import { openJournal, type Journal } from '../../src/core/store/journal.ts';
import { openGladiaStandIn, type GladiaStandIn } from '../../src/rehearsal/gladia/stand-in.ts';
import type { CaptionSession } from '../../src/shared/model/captions.ts';
import type { Incident } from '../../src/shared/model/incident.ts';
import { SteadyClock } from '../support/steady-clock.ts';
import { lexicon, toneSpeech } from '../support/tone-speech.ts';

/** A feed whose people speak when told, at the pace of the clock. */
class SpokenFeed implements AudioFeed {
  readonly #listeners = new Listeners<FeedEvent>();
  readonly #stop = new AbortController();
  isClosed = false;
  on(listener: (event: FeedEvent) => void): () => void {
    return this.#listeners.on(listener);
  }
  tell(event: FeedEvent): void {
    this.#listeners.emit(event);
  }
  /** Opens a source and plays it to its end in blocks of 20 ms. */
  async play(identity: string, pcm: Int16Array): Promise<number> {
    const startedAtMs = clock.nowMs();
    const beganMs = clock.monotonicMs();
    const sourceId = `source of ${identity}`;
    this.tell({
      type: 'sourceOpened',
      sourceId,
      identity,
      name: `Name of ${identity}`,
      trackSid: 'TR_1',
      startedAtMs,
      lagMs: 20,
    });
    for (let at = 0; at < pcm.length && !this.#stop.signal.aborted; at += 960) {
      await clock.delay(Math.max(0, beganMs + at / 48 + 20 - clock.monotonicMs()));
      this.tell({ type: 'pcm', sourceId, firstSample: at, samples: pcm.subarray(at, at + 960) });
    }
    return startedAtMs;
  }
  close(): Promise<void> {
    this.isClosed = true;
    this.#stop.abort();
    return Promise.resolve();
  }
}

let clock: SteadyClock;
let folder = '';
let journal: Journal;
let gladia: GladiaStandIn;
beforeEach(async () => {
  clock = new SteadyClock();
  folder = mkdtempSync(join(tmpdir(), 'cuedesk-captions-'));
  journal = openJournal({ folder, log: silentLog, clock: systemClock });
  gladia = await openGladiaStandIn({ lexicon, key: 'k', afterStopMs: 20 });
});
afterEach(async () => {
  await gladia.close();
  await journal.close();
  await clock.close();
  rmSync(folder, { recursive: true, force: true });
});

function openController(feeds: SpokenFeed[], incidents: Incident[] = [], clockOfIt: Clock = clock): CaptionController {
  return new CaptionController({
    store: journal.captions,
    makeFeed: () => {
      const feed = new SpokenFeed();
      feeds.push(feed);
      return feed;
    },
    makeBus: (setup) => new CaptionBus(setup),
    gladia: () => ({ url: gladia.url, key: 'k', region: null }),
    clock: clockOfIt,
    log: silentLog,
    onIncident: (incident) => incidents.push(incident),
  });
}
const where = { serverId: 's1', roomName: 'town-hall', feed: 'direct', language: 'en' } as const;

describe('captions of a room', () => {
  it('write down who said what and when, through a drop, and keep it', async () => {
    const feeds: SpokenFeed[] = [];
    const incidents: Incident[] = [];
    const controller = openController(feeds, incidents);
    const started = controller.start(where);
    expect(controller.start(where).id).toBe(started.id);
    const [feed] = feeds;
    if (!feed) throw new Error('No feed was made');
    feed.tell({ type: 'state', state: 'live', text: 'Live' });

    const seen: CaptionSession['state'][] = [];
    const cell = controller.sessions('s1');
    cell.on(([session]) => {
      if (session && seen.at(-1) !== session.state) seen.push(session.state);
    });
    const shown = new Map<string, string>();
    const reading = new AbortController();
    const reader = (async () => {
      for await (const item of controller.transcript(started.id, reading.signal))
        if (item.type === 'entry' && item.entry.type === 'utterance') shown.set(item.entry.id, item.entry.text);
        else if (item.type === 'removed') shown.delete(item.id);
    })();

    const voices = ['ada', 'bo'].map((identity, band) => ({
      identity,
      ...toneSpeech({ band, lengthMs: 6_000, sampleRateHz: 48_000 }),
    }));
    const playing = voices.map((voice) => feed.play(voice.identity, voice.pcm));
    await clock.delay(2_500);
    const speaking = () => cell.value[0]?.speakers.filter(({ state }) => state === 'live').map((one) => one.identity);
    await expect.poll(speaking).toEqual(['ada', 'bo']);
    expect(gladia.faults.closeNow('terminate')).toBe(1);
    controller.addMarker(started.id, 'Here');
    const startedAt = await Promise.all(playing);
    const ended = await controller.stop(started.id);
    await controller.stop(started.id);
    reading.abort();
    await reader;

    expect(ended.state).toBe('ended');
    expect(feed.isClosed).toBe(true);
    expect(seen).toEqual(['starting', 'live', 'reconnecting', 'live', 'stopping', 'ended']);
    expect(ended.gapCount).toBe(0);
    expect(ended.delayMs).toBeGreaterThan(0);
    expect(ended.delayMs).toBeLessThan(4_000);
    const entries = journal.captions.entries(started.id);
    const finals = entries.filter((entry) => entry.type === 'utterance');
    voices.forEach((voice, i) => {
      const words = finals.filter((entry) => entry.identity === voice.identity).flatMap((entry) => entry.words);
      expect(words.map((word) => word.text)).toEqual(voice.words.map((word) => word.word));
      words.forEach((word, n) => {
        const saidMs = (startedAt[i] ?? 0) + (voice.words[n]?.startMs ?? 0);
        expect(Math.abs((ended.startedAtMs ?? 0) + word.startMs - saidMs)).toBeLessThan(80);
      });
    });
    expect(finals.every((entry) => entry.name === `Name of ${entry.identity}`)).toBe(true);
    expect(entries.filter((entry) => entry.type === 'marker')).toHaveLength(1);
    expect([...shown.values()].sort()).toEqual(finals.map((entry) => entry.text).sort());
    expect(incidents.map((incident) => incident.state)).toEqual(['trouble', 'closed']);
    expect(controller.export(started.id, 'srt').text).toContain(`Name of ada: ${voices[0]?.words[0]?.word ?? ''}`);
    await controller.close();
  });

  it('whose transcriber is away do not hold up the end of the console', async () => {
    const feeds: SpokenFeed[] = [];
    const limits: number[] = [];
    const controller = openController(feeds, [], {
      nowMs: () => clock.nowMs(),
      monotonicMs: () => clock.monotonicMs(),
      delay(ms, signal) {
        if (ms !== closeLimitMs) return clock.delay(ms, signal);
        limits.push(ms);
        return Promise.resolve(); // it is over
      },
    });
    const { id } = controller.start(where);
    feeds[0]?.tell({ type: 'state', state: 'live', text: 'Live' });
    const speech = toneSpeech({ band: 0, lengthMs: 1_500, sampleRateHz: 48_000 });
    const playing = feeds[0]?.play('ada', speech.pcm);
    await expect.poll(() => controller.sessions('s1').value[0]?.state).toBe('live');
    await gladia.close();
    await playing;
    await Promise.all([controller.close(), controller.close()]);
    expect(limits).toContain(closeLimitMs);
    expect(controller.sessions('s1').value[0]).toMatchObject({ id, state: 'ended' });
    expect(journal.captions.running()).toEqual([]);
    expect(journal.captions.entries(id).flatMap((one) => (one.type === 'gap' ? one.cause : []))).toContain(
      'The transcriber was away when the captions were stopped',
    );
  });

  it('of a console that died are ended with a dated gap, and their words are kept', () => {
    const zeroMs = clock.nowMs() - 60_000;
    const session: CaptionSession = {
      ...where,
      id: 'old',
      state: 'live',
      stateAtMs: zeroMs,
      text: 'Live',
      startedAtMs: zeroMs,
      endedAtMs: null,
      speakers: [{ identity: 'ada', name: 'Ada', hue: 1, state: 'live' }],
      fit: 'channels',
      delayMs: null,
      lineCount: 0,
      gapCount: 0,
    };
    journal.captions.saveSession(session, zeroMs);
    journal.captions.noteHeard('old', 20_000);
    const incidents: Incident[] = [];
    const controller = openController([], incidents);
    const [found] = controller.sessions('s1').value;
    expect(found).toMatchObject({ id: 'old', state: 'ended', gapCount: 1 });
    const [gap] = journal.captions.entries('old');
    expect(gap).toMatchObject({ type: 'gap', startMs: 20_000 });
    expect(Math.abs((gap?.type === 'gap' ? (gap.endMs ?? 0) : 0) - 60_000)).toBeLessThan(1_000);
    expect(incidents).toHaveLength(1);
    expect(journal.captions.running()).toEqual([]);
  });

  it('are refused in words where no key is kept, and end by themselves when the feed does', async () => {
    const feeds: SpokenFeed[] = [];
    const without = new CaptionController({
      store: journal.captions,
      makeFeed: () => new SpokenFeed(),
      makeBus: (setup) => new CaptionBus(setup),
      gladia: () => null,
      clock,
      log: silentLog,
      onIncident: () => {},
    });
    expect(() => without.start(where)).toThrow(/no Gladia key/);
    const controller = openController(feeds);
    const { id } = controller.start(where);
    feeds[0]?.tell({ type: 'state', state: 'ended', text: 'The room was closed.' });
    const ended = await controller.stop(id);
    expect(ended).toMatchObject({ state: 'ended', problem: { code: 'feed-ended' } });
    expect(() => controller.addMarker(id, '')).toThrow(/have ended/);
    await controller.close();
  });
});
