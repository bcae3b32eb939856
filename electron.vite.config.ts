import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

export default defineConfig({
  main: {
    build: {
      target: 'node24', // the Node that Electron embeds; scripts/setup.mjs finds or installs the same major for plain Node
      rolldownOptions: {
        // Programs beside main are further inputs of one build: they share chunks and are found beside each other.
        input: {
          index: resolve('src/main/index.ts'),
          headless: resolve('src/headless/cli.ts'),
          rehearse: resolve('src/headless/rehearse.ts'),
          rehearsal: resolve('src/rehearsal/cli.ts'),
          'rtc-child': resolve('src/core/feeds/rtc-child.ts'),
          'scene-child': resolve('src/rehearsal/scene-child.ts'),
          'cast-child': resolve('src/rehearsal/cast-child.ts'),
        },
      },
    },
  },
  preload: {
    build: {
      externalizeDeps: false, // a sandboxed preload can require nothing from node_modules
      rolldownOptions: {
        input: { index: resolve('src/preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' }, // without it: .mjs, which a sandboxed window cannot load
      },
    },
  },
  renderer: {
    build: {
      minify: true,
      assetsInlineLimit: 0, // the content security policy allows no data: fonts or scripts
      rolldownOptions: { input: { index: resolve('src/renderer/index.html') } },
    },
    plugins: [react()],
  },
});
