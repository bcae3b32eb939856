// Whether the lists of a big server scroll at the pace of the screen: 200 rooms and 100 jobs, each of
// which changes once a second meanwhile, against a bare page of as many lines in the same browser.
import { launchChromium, openConsole } from '../support/console-page.ts';
import { openScriptedCore } from '../support/scripted-core.ts';
import { current, recording, room } from '../support/scripted-scene.ts';

const roomCount = 200;
const jobCount = 100;
const changeEveryMs = 100;
const scrollMs = 5_000;
const lateMs = 25; // a frame of 60 a second takes 16.7 ms: beyond this one was missed

/** Scrolls an element up and down by 12 px a frame; resolves to the share of frames that came in time. */
const scrolled = (element) =>
  element.evaluate(
    (box, { forMs, late }) =>
      new Promise((resolve) => {
        const began = performance.now();
        let last = began;
        let frames = 0;
        let inTime = 0;
        let step = 12;
        const next = (now) => {
          frames += 1;
          if (now - last <= late) inTime += 1;
          last = now;
          if (now - began > forMs) return resolve((inTime / frames) * 100);
          const before = box.scrollTop;
          box.scrollTop += step;
          if (box.scrollTop === before) step = -step;
          requestAnimationFrame(next);
        };
        requestAnimationFrame(next);
      }),
    { forMs: scrollMs, late: lateMs },
  );

const core = await openScriptedCore('shipped');
const browser = await launchChromium();
let turn = 0;
const nowMs = Date.now();
/** Each job and each room once a second, a tenth of them at a time. */
const isDue = (n) => n % 10 === turn % 10;
const roomAt = (n) => room(`room-${n}`, 20 + (turn % 2), ['REC']);
const jobAt = (n) =>
  recording('studio-eu', `room-${n}`, nowMs, 60_000 + n, {
    id: `job-${n}`,
    title: `program ${n}.mp4`,
    text: `${turn}`,
  });
let rooms = Array.from({ length: roomCount }, (_, n) => roomAt(n));
let jobs = Array.from({ length: jobCount }, (_, n) => jobAt(n));
const change = () => {
  turn += 1;
  rooms = rooms.map((before, n) => (isDue(n) ? roomAt(n) : before));
  jobs = jobs.map((before, n) => (isDue(n) ? jobAt(n) : before));
  core.script.rooms.set({ serverId: 'studio-eu', sight: current(Date.now()), rooms });
  core.script.jobs.set({ jobs });
};
change();
const timer = setInterval(change, changeEveryMs);
try {
  const { page } = await openConsole(browser, core);
  const bare = await browser.newPage();
  await bare.setContent(
    `<div id="list" style="height:600px;overflow:auto">${Array.from({ length: roomCount }, (_, n) => `<p>line ${n}</p>`).join('')}</div>`,
  );
  const lists = [
    { name: '200 rooms', list: page.getByRole('grid', { name: 'Rooms' }) },
    { name: '100 jobs', list: page.getByRole('region', { name: 'Jobs of this server' }) },
  ];
  for (const { name, list } of lists) {
    await page.bringToFront();
    const ours = await scrolled(list);
    await bare.bringToFront();
    const theirs = await scrolled(bare.locator('#list'));
    const row = {
      name: `frames in time while ${name} scroll and change`,
      figure: Number(ours.toFixed(1)),
      unit: '% of 60 a second',
      peer: `a bare page of 200 lines (${theirs.toFixed(1)} %)`,
      ratio: Number((ours / theirs).toFixed(2)),
      target: 'as the bare page',
    };
    process.stdout.write(`${JSON.stringify(row)}\n`);
  }
} finally {
  clearInterval(timer);
  await browser.close();
  await core.close();
}
