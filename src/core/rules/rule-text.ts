import type { Rule, RuleSubject } from '../../shared/model/rule.ts';

const words: Readonly<Record<RuleSubject['state'], string>> = {
  recording: 'recorded',
  starting: 'starting',
  desk: 'recorded here',
  waits: 'waiting',
  excluded: 'left out',
  cannot: 'cannot be recorded',
  ended: 'ended',
  'gave-up': 'given up',
};
const order = Object.keys(words) as readonly RuleSubject['state'][]; // the keys of the record above

export const unseenText = 'The server is not seen now: nothing is decided until it answers. What runs goes on.';

/** What a rule does now, in one sentence. */
export function textOf(rule: Rule, subjects: readonly RuleSubject[]): string {
  const parts = order.flatMap((state) => {
    const count = subjects.filter((subject) => subject.state === state).length;
    return count === 0 ? [] : [`${count} ${words[state]}`];
  });
  if (rule.isOn) return parts.length === 0 ? 'On. Nobody is there to be recorded.' : `On: ${parts.join(', ')}.`;
  const going = subjects.filter((subject) => subject.state === 'recording' || subject.state === 'starting').length;
  return going === 0 ? 'Off. It starts nothing.' : `Off. It starts nothing new; ${going} still recorded.`;
}
