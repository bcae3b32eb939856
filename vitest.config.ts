import { defineConfig } from 'vitest/config';

/** These play, hear and record in real time: beside a browser test that takes the processor they would prove nothing. */
const inRealTime = [
  'test/rehearsal/{main-job,drills,crash,cycles,scene-child,egress,program}.test.ts',
  'test/real/{main-job,cast,direct-feed}.test.ts',
];

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: { name: 'any time', include: ['test/**/*.test.ts'], exclude: inRealTime, sequence: { groupOrder: 0 } },
      },
      { extends: true, test: { name: 'real time', include: inRealTime, sequence: { groupOrder: 1 } } },
    ],
  },
});
