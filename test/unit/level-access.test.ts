// The meters of a room that ends and comes back.
import { EventEmitter } from 'node:events';
import type { WebSocket } from 'ws';
import { expect, it } from 'vitest';
import { LevelAccess } from '../../src/core/console/level-access.ts';
import type { AudioFeed, FeedEvent } from '../../src/core/feeds/audio-feed.ts';
import { silentLog } from '../../src/core/live/log.ts';
import type { MediaPlane } from '../../src/core/media-plane/media-plane.ts';
import { FakeClock } from '../support/fake-clock.ts';

class Page extends EventEmitter {
  readonly bufferedAmount = 0;
  send(): void {}
}

function bench() {
  const clock = new FakeClock();
  const page = new Page();
  const open = new Map<number, (event: FeedEvent) => void>();
  let opened = 0;
  let people: readonly string[] = ['ada'];
  const access = new LevelAccess({
    plane: {
      socketUrl: (serve: (socket: WebSocket) => void) => (serve(page as never as WebSocket), 'ws://x'),
    } as never as MediaPlane, // no other call is made here
    openFeed: async (): Promise<AudioFeed> => {
      const number = ++opened;
      return {
        kind: 'direct',
        on: (listener) => {
          open.set(number, listener);
          return () => {};
        },
        close: async () => void open.delete(number),
      };
    },
    peopleOf: () => people,
    clock,
    log: silentLog,
  });
  access.address('s', 'hall');
  const end = (code: string) =>
    open.forEach((tell) =>
      tell({
        type: 'state',
        state: 'ended',
        text: 'It ended.',
        problem: { code, fault: 'server', retryable: false, text: 'It ended.' },
      }),
    );
  return { clock, page, open, access, end, see: (to: readonly string[]) => (people = to) };
}

it('meters of a room that has ended listen again once it has people again, and do not make it anew before', async () => {
  const { clock, page, open, access, end, see } = bench();
  await clock.advance(10);
  expect([...open.keys()]).toEqual([1]);
  end('room-left-room-closed');
  await clock.advance(3_000); // the list still has its people
  expect([...open.keys()]).toEqual([]);
  see([]);
  await clock.advance(120_000);
  expect([...open.keys()]).toEqual([]);
  see(['ada']);
  await clock.advance(2_000);
  expect([...open.keys()]).toEqual([2]);
  end('room-left-participant-removed');
  await clock.advance(60_000);
  expect([...open.keys()]).toEqual([2]); // somebody's will
  page.emit('close');
  await access.close();
  expect(open.size).toBe(0);
});
