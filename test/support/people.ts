import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { AccessToken } from 'livekit-server-sdk';
import type { PeopleAnswer, PeopleCommand } from '../programs/people.ts';
import type { RealLivekit } from './livekit-server.ts';

type Spare<T> = T extends unknown ? Omit<T, 'id'> : never;

/** Real participants of rooms of a real server, in a process of their own. */
export interface RealPeople {
  join(
    roomName: string,
    identity: string,
    grants?: { readonly hidden?: boolean; readonly agent?: boolean },
  ): Promise<void>;
  act(identity: string, what: 'publish' | 'leave'): Promise<void>;
  close(): Promise<void>;
}

export function openRealPeople(server: Pick<RealLivekit, 'wsUrl' | 'apiKey' | 'apiSecret'>): RealPeople {
  const child = fork(join(import.meta.dirname, '../programs/people.ts'), [], {
    env: { ...process.env, NODE_ENV: 'production' },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const pending = new Map<number, (answer: PeopleAnswer) => void>();
  child.on('message', (answer: PeopleAnswer) => pending.get(answer.id)?.(answer));
  let lastId = 0;
  const send = (command: Spare<PeopleCommand>): Promise<void> =>
    new Promise((resolve, reject) => {
      const id = ++lastId;
      pending.set(id, ({ error }) => {
        pending.delete(id);
        if (error === undefined) resolve();
        else reject(new Error(error));
      });
      child.send({ ...command, id });
    });
  return {
    async join(roomName, identity, grants = {}) {
      const token = new AccessToken(server.apiKey, server.apiSecret, { identity, ttl: '10m' });
      token.addGrant({ roomJoin: true, room: roomName, ...grants });
      await send({ do: 'join', identity, url: server.wsUrl, token: await token.toJwt() });
    },
    act: (identity, what) => send({ do: what, identity }),
    async close() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      const force = setTimeout(() => child.kill('SIGKILL'), 30_000);
      void send({ do: 'end' }).catch(() => {}); // it may be gone already, or its server is
      await exited;
      clearTimeout(force);
    },
  };
}
