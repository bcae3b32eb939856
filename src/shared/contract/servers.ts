import { z } from 'zod';
import { Protection, Server, ServerTest } from '../model/server.ts';
import { call, stateFeed } from '../rpc/contract.ts';

const Name = z.string().trim().min(1).max(80);
const Url = z.string().trim().min(1).max(2048);
const ApiKey = z.string().trim().min(1).max(256);
const ApiSecret = z.string().trim().min(1).max(1024); // a space that was copied with it is not a part of it

export const servers = {
  servers: stateFeed(
    z.object({}),
    z.object({ servers: z.array(Server), chosenId: z.string().nullable(), protection: Protection }),
  ),
  chooseServer: call(z.object({ serverId: z.string() }), z.null()),
  /** Tests without saving; `serverId` takes the kept secret where `apiSecret` is left out. */
  testServer: call(
    z.object({ url: Url, apiKey: ApiKey, apiSecret: ApiSecret.optional(), serverId: z.string().optional() }),
    ServerTest,
  ),
  saveServer: call(
    z.object({
      serverId: z.string().optional(),
      name: Name,
      url: Url,
      apiKey: ApiKey,
      apiSecret: ApiSecret.optional(),
      keep: z.enum(['stored', 'this-run']),
    }),
    Server,
  ),
  /** Refused (`server-has-jobs`) where jobs run or wait there, unless the producer lets go of them. */
  removeServer: call(z.object({ serverId: z.string(), letsGo: z.boolean().default(false) }), z.null()),
};
