import type { Rule } from '../../shared/model/rule.ts';
import type { SeenPerson } from './ports.ts';

const compiled = new Map<string, RegExp>();
const maxCompiled = 1_000;

/**
 * `*` is any letters, `?` one. Neither case counts nor how a letter with a mark is coded: neither must record whom a rule
 * should leave out.
 */
function matches(pattern: string, identity: string): boolean {
  let known = compiled.get(pattern);
  if (!known) {
    if (compiled.size >= maxCompiled) compiled.clear();
    const source = pattern
      .normalize()
      .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
      .replaceAll(/\*+/g, '.*')
      .replaceAll('?', '.');
    known = new RegExp(`^${source}$`, 'isu');
    compiled.set(pattern, known);
  }
  return known.test(identity.normalize());
}

/** Why a rule leaves a person out; null where it takes them. Exclusion wins over inclusion. */
export function whyLeftOut(rule: Rule, person: SeenPerson): string | null {
  const excluding = rule.exclude.find((pattern) => matches(pattern, person.identity));
  if (excluding !== undefined) return `Excluded by “${excluding}”.`;
  if (rule.include.length > 0 && !rule.include.some((pattern) => matches(pattern, person.identity)))
    return 'Not among those whom the rule includes.';
  if (person.kind === 'agent' && !rule.withAgents) return 'An agent: the rule takes people only.';
  return null;
}
