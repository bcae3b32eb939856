import type { ConsoleContract } from '../../shared/contract/index.ts';
import type { Handlers } from '../../shared/rpc/contract.ts';
import { needServer } from './need-server.ts';
import type { ConsoleParts } from './parts.ts';

const rowsEveryMs = 250;

/** The rules of recording: kept, and followed with what each does now. */
export function ruleHandlers({
  servers,
  rules,
}: ConsoleParts): Pick<Handlers<ConsoleContract>, 'rules' | 'saveRule' | 'removeRule'> {
  return {
    rules: ({ serverId }, signal) => (needServer(servers, serverId), rules.rules(serverId).read(signal, rowsEveryMs)),
    saveRule: async ({ serverId, ruleId, draft }) => (
      needServer(servers, serverId),
      rules.save(serverId, ruleId, draft)
    ),
    removeRule: async ({ ruleId }) => (rules.remove(ruleId), null),
  };
}
