import { checkRequest } from '../../shared/checks/check-request.ts';
import type { ConsoleContract } from '../../shared/contract/index.ts';
import { ProblemError } from '../../shared/model/problem-error.ts';
import { anyRuleRequest } from '../../shared/model/rule-request.ts';
import type { Handlers } from '../../shared/rpc/contract.ts';
import { needServer } from './need-server.ts';
import type { ConsoleParts } from './parts.ts';
import { refuseFirst } from './request-checks.ts';

const rowsEveryMs = 250;

/** The rules of recording: kept, and followed with what each does now. One whose jobs would all be refused is not kept. */
export function ruleHandlers({
  servers,
  rules,
}: Pick<ConsoleParts, 'servers' | 'rules'>): Pick<Handlers<ConsoleContract>, 'rules' | 'saveRule' | 'removeRule'> {
  return {
    rules: ({ serverId }, signal) => (needServer(servers, serverId), rules.rules(serverId).read(signal, rowsEveryMs)),
    saveRule: async ({ serverId, ruleId, draft }) => {
      needServer(servers, serverId);
      const request = anyRuleRequest(draft);
      if (!request) throw ruleWithoutOutput();
      refuseFirst(checkRequest(request));
      return rules.save(serverId, ruleId, draft);
    },
    removeRule: async ({ ruleId }) => (rules.remove(ruleId), null),
  };
}

export const ruleWithoutOutput = (): ProblemError =>
  new ProblemError({
    code: 'rule-without-output',
    fault: 'yours',
    retryable: false,
    text: 'The rule has nowhere to record to.',
    advice: 'Give it a file, or segments where it takes participants.',
  });
