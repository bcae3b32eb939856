import { defineConfig } from 'vitest/config';

/** These play, hear and record in real time: beside a browser test that takes the processor they would prove nothing. */
const inRealTime = [
  'test/rehearsal/{main-job,drills,crash,hand-over,cycles,scene-child,egress,egress-files,egress-streams,egress-storage,egress-faults,destinations,receivers,program,rehearse}.test.ts',
];
/** Six people by WebRTC take most of two cores: one such stage at a time. */
const byWebRtc = ['test/real/{main-job,cast,direct-feed,server-behind}.test.ts'];

const group = (name: string, groupOrder: number, maxWorkers: number, include: string[], exclude: string[] = []) => ({
  extends: true as const,
  test: { name, include, exclude, maxWorkers, sequence: { groupOrder } },
});

export default defineConfig({
  test: {
    pool: 'forks',
    // Limits against what hangs, and no measure of anything: a busy machine comes later to the same end.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 20_000 } },
    // Four on two cores: a test waits for its page, its holds and its sockets most of the time.
    projects: [
      group('any time', 0, 4, ['test/**/*.test.ts'], [...inRealTime, ...byWebRtc]),
      group('real time', 1, 2, inRealTime),
      group('WebRTC', 2, 1, byWebRtc),
    ],
  },
});
