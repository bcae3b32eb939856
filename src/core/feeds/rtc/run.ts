import { dispose } from '@livekit/rtc-node';
import type { CoreMessage } from '../wire/messages.ts';
import { CoreSocket } from './core-socket.ts';
import { RoomJoin } from './room-join.ts';

const leaveLimitMs = 2_000;

/** Serves the core until the socket closes or `stop` comes; then leaves every room, frees what is native and ends the process. */
export function runRtcChild(port: number, token: string): void {
  const joins = new Map<number, RoomJoin>();
  let streamCount = 0;
  let isEnding = false;

  const socket = new CoreSocket(port, {
    onMessage: (message) => take(message),
    onClosed: (why) => void end(why),
  });
  socket.send({ ev: 'hello', token, program: 'rtc-child' });

  const take = (message: CoreMessage): void => {
    if (message.op === 'stop') void end(null);
    else if (message.op === 'leave') void joins.get(message.link)?.leave();
    else if (joins.has(message.link)) socket.fail('a link was joined twice');
    else {
      const { link, url } = message;
      const join = new RoomJoin({
        link,
        nextStreamId: () => ++streamCount,
        send: (event) => socket.send(event),
        sendSound: (block) => socket.sendSound(block),
        onOver: () => joins.delete(link),
      });
      joins.set(link, join);
      void join.join(url, message.token);
    }
  };

  const end = async (why: string | null): Promise<void> => {
    if (isEnding) return;
    isEnding = true;
    if (why !== null) process.stderr.write(`room child ends: ${why}\n`);
    const left = Promise.all([...joins.values()].map((join) => join.leave()));
    await Promise.race([left, new Promise((resolve) => setTimeout(resolve, leaveLimitMs))]);
    socket.end();
    await dispose(); // without it the native threads keep the process alive
    process.exit(0);
  };

  for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => {}); // of the terminal: our owner asks us
  process.on('SIGTERM', () => void end(null));
  process.on('disconnect', () => void end(null)); // the channel of a forking host: our owner is gone
}
