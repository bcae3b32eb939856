import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { CoreSocket } from '../../src/core/feeds/rtc/core-socket.ts';
import { FrameReader, type SoundBlock } from '../../src/core/feeds/wire/framing.ts';
import { settledHeapBytes } from '../support/heap.ts';

test('a core that does not read costs sound, not memory; messages and the count survive', async () => {
  const server = createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const closed = Promise.withResolvers<string>();
  const child = new CoreSocket((server.address() as AddressInfo).port, {
    onMessage: () => {},
    onClosed: (why) => closed.resolve(why),
  });
  const [core] = (await once(server, 'connection')) as [Socket];
  const blocks = 60_000; // ten minutes of one speaker, 57 MB
  await settledHeapBytes();
  const before = process.memoryUsage().arrayBuffers;
  for (let index = 0; index < blocks; index++) {
    child.sendSound({ streamId: 1, firstSample: index * 480, samples: new Int16Array(480).fill(1) });
    if (index % 1_000 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  await settledHeapBytes();
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 * 1024 * 1024);
  child.send({ ev: 'speakers', link: 1, identities: ['anna'] });

  const sound: SoundBlock[] = [];
  const heard = Promise.withResolvers<unknown>();
  const reader = new FrameReader();
  core.on('data', (chunk) => reader.push(chunk, { onSound: (block) => sound.push(block), onJson: heard.resolve }));
  core.resume();
  expect(await heard.promise).toEqual({ ev: 'speakers', link: 1, identities: ['anna'] });
  const last = Promise.withResolvers<void>();
  core.on('data', () => sound.at(-1)?.firstSample === blocks * 480 && last.resolve());
  child.sendSound({ streamId: 1, firstSample: blocks * 480, samples: new Int16Array(480) });
  await last.promise;
  expect(sound.length).toBeLessThan(blocks / 2);
  expect(sound.map((block) => block.firstSample)).toEqual(
    sound.map((block) => block.firstSample).toSorted((a, b) => a - b),
  );
  core.write(Buffer.from('ffffffff', 'hex'));
  expect(await closed.promise).toContain('was announced');
  server.close();
});
