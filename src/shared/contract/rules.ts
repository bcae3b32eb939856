import { z } from 'zod';
import { Rule, RuleDraft, RuleView } from '../model/rule.ts';
import { call, stateFeed } from '../rpc/contract.ts';

export const rules = {
  /** The rules of a server, with what each does now and why. */
  rules: stateFeed(z.object({ serverId: z.string() }), z.object({ rules: z.array(RuleView) })),
  /** Without `ruleId` a new one. Whom it newly excludes is no longer recorded by it at once. */
  saveRule: call(z.object({ serverId: z.string(), ruleId: z.string().optional(), draft: RuleDraft }), Rule),
  /** What it has started goes on; nothing new is started. */
  removeRule: call(z.object({ ruleId: z.string() }), z.null()),
};
