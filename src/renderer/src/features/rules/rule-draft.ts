import type { Rule, RuleDraft } from '../../../../shared/model/rule.ts';

/** A rule as the form holds it: lists are lines of text. */
export interface RuleForm extends Omit<RuleDraft, 'include' | 'exclude'> {
  readonly include: string;
  readonly exclude: string;
}

const usualNames = {
  person: '{room_name}/{publisher_identity}-{time}',
  track: '{room_name}/{publisher_identity}-{track_source}-{track_id}-{time}',
};
const usualName = (takes: RuleDraft['takes']): string =>
  takes === 'participants' ? usualNames.person : usualNames.track;

export function formOf(known: Rule | null, roomName: string | null, name: string): RuleForm {
  if (known) {
    const { id: _id, serverId: _serverId, savedAtMs: _saved, include, exclude, ...rest } = known;
    return { ...rest, include: include.join('\n'), exclude: exclude.join('\n') };
  }
  return {
    name,
    isOn: true,
    roomName,
    takes: 'participants',
    include: '',
    exclude: '',
    withAgents: false,
    encoding: { use: 'default' },
    filePath: usualNames.person,
    hasManifest: true,
    storageId: null,
    whenFull: 'wait',
    leaveFree: 0,
  };
}

/** Takes something else: a file name that nobody has changed changes with it. */
export function withTakes(form: RuleForm, takes: RuleDraft['takes']): RuleForm {
  const isUsual = form.filePath === usualName(form.takes);
  return { ...form, takes, filePath: isUsual ? usualName(takes) : form.filePath };
}

const linesOf = (text: string): string[] =>
  text
    .split(/[\n,]/)
    .map((line) => line.trim())
    .filter((line) => line !== '');

export const draftOf = (form: RuleForm): RuleDraft => ({
  ...form,
  name: form.name.trim(),
  filePath: form.filePath.trim(),
  include: linesOf(form.include),
  exclude: linesOf(form.exclude),
});

/** What two of them would share, where they would be written over one another; null where all is well. */
export function nameClash({ filePath, takes }: Pick<RuleDraft, 'filePath' | 'takes'>): 'person' | 'track' | null {
  const path = filePath.trim();
  if (path === '' || path.endsWith('/')) return null; // the server names the file
  if (takes === 'participants')
    return /\{publisher_identity\}/.test(path) && /\{(?:time|utc)\}/.test(path) ? null : 'person';
  return path.includes('{track_id}') ? null : 'track';
}
