import { readFileSync, readdirSync } from 'node:fs';
import type { CDPSession, Page } from 'playwright-core';
import type { ScriptedCore } from './scripted-core.ts';
import { current, detail, line, person, room, session } from './scripted-scene.ts';

const speakerEveryMs = 1_000;
const partialEveryMs = 200;
const partialsALine = 10; // a line is final after 2 s
const words = 'the first lines are on the air and nobody in the hall has missed a word of it so far';

export interface BusyWindow {
  stop(): void;
}

/**
 * Sets a scripted core to a full room: 40 people whose levels never rest, speakers who change each second, and captions
 * of eight of them with a partial every 200 ms and a final every 2 s, after `linesBefore` lines.
 */
export function busyWindow(core: ScriptedCore, linesBefore: number): BusyWindow {
  const nowMs = Date.now();
  const people = Array.from({ length: 40 }, (_, n) => person(`Person ${n}`, { joinedAtMs: 1_000 + n }));
  core.setLevels(
    (identity, atMs) => -30 + 25 * Math.sin(atMs / 200 + identity.length + (identity.at(-1)?.charCodeAt(0) ?? 0)),
  );
  core.script.rooms.set({ serverId: 'studio-eu', sight: current(nowMs), rooms: [room('hall', 40, ['CAP'])] });
  core.script.room.set(detail('studio-eu', 'hall', people, nowMs, ['CAP']));
  const speakers = people.slice(0, 8);
  core.script.captionSessions.set({
    sessions: [
      session('studio-eu', 'hall', nowMs, {
        startedAtMs: nowMs - linesBefore * 2_000,
        speakers: speakers.map((each, n) => ({ identity: each.identity, name: each.name, hue: n + 1, state: 'live' })),
      }),
    ],
  });
  let seq = 0;
  const say = (number: number, share: number): void => {
    const speaker = speakers[number % speakers.length];
    if (!speaker) return;
    const text = words.slice(0, Math.round(words.length * share));
    seq += 1;
    core.say(line(`line-${number}`, speaker, `${number} ${text}`, number * 2_000, { isFinal: share === 1, seq }));
  };
  for (let number = 0; number < linesBefore; number += 1) say(number, 1);
  let partial = 0;
  const timers = [
    setInterval(() => {
      partial += 1;
      say(
        linesBefore + Math.floor((partial - 1) / partialsALine),
        ((partial - 1) % partialsALine) / partialsALine + 0.1,
      );
    }, partialEveryMs),
    setInterval(() => {
      const turn = Math.floor(Date.now() / speakerEveryMs);
      core.script.room.set(
        detail(
          'studio-eu',
          'hall',
          people.map((each, n) => ({ ...each, isSpeaking: n === turn % 8 })),
          Date.now(),
          ['CAP'],
        ),
      );
    }, speakerEveryMs),
  ];
  return { stop: () => timers.forEach((timer) => clearInterval(timer)) };
}

/** What a page holds, after its garbage has been collected. `domNodes` counts detached ones too. */
export interface PageWeight {
  readonly elements: number;
  readonly domNodes: number;
  readonly listeners: number;
  readonly heapBytes: number;
}

export async function weigh(page: Page, session: CDPSession): Promise<PageWeight> {
  await session.send('HeapProfiler.enable');
  for (let turn = 0; turn < 2; turn += 1) await session.send('HeapProfiler.collectGarbage');
  await session.send('Performance.enable');
  const { metrics } = await session.send('Performance.getMetrics');
  const metric = (name: string): number => metrics.find((each) => each.name === name)?.value ?? 0;
  const elements = await page.evaluate(() => document.querySelectorAll('*').length);
  return {
    elements,
    domNodes: metric('Nodes'),
    listeners: metric('JSEventListeners'),
    heapBytes: metric('JSHeapUsedSize'),
  };
}

interface Process {
  readonly parent: string;
  readonly cpuMs: number;
  readonly command: string;
}

function processes(): ReadonlyMap<string, Process> {
  const found = new Map<string, Process>();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const fields = (readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1) ?? '').split(' ');
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      const ticks = Number(fields[11]) + Number(fields[12]); // hundredths of a second
      found.set(pid, { parent: fields[1] ?? '0', cpuMs: ticks * 10, command });
    } catch {
      continue; // that process ended while it was read
    }
  }
  return found;
}

/** CPU time in milliseconds of a Chromium: all its processes, and those of its pages. Linux. */
export function chromiumCpuMs(rootPid: string): { readonly allMs: number; readonly pagesMs: number } {
  const all = processes();
  const isOfIt = (pid: string): boolean => pid === rootPid || (all.has(pid) && isOfIt(all.get(pid)?.parent ?? ''));
  const sum = (of: readonly Process[]): number => of.reduce((ms, each) => ms + each.cpuMs, 0);
  const own = [...all].filter(([pid]) => isOfIt(pid)).map(([, each]) => each);
  return { allMs: sum(own), pagesMs: sum(own.filter((each) => each.command.includes('--type=renderer'))) };
}
