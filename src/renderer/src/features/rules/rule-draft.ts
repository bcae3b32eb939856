import { checkRequest } from '../../../../shared/checks/check-request.ts';
import { warn, type CheckContext, type Finding } from '../../../../shared/checks/finding.ts';
import { noOutputs } from '../../../../shared/model/job-request.ts';
import { anyRuleRequest } from '../../../../shared/model/rule-request.ts';
import { RuleDraft, type Rule } from '../../../../shared/model/rule.ts';
import { rulesWords } from '../../text/rules-messages.ts';
import { choiceOf } from '../start/choice-of.ts';
import { placed } from '../start/finds.tsx';
import { fileAt, segmentsAt } from '../start/outputs.ts';
import { encodingOf } from '../start/request-of.ts';
import { firstChoice, type StartChoice } from '../start/start-choice.ts';

/** A rule as the form holds it: lists are lines of text, what its jobs make is as in the start panel. */
export interface RuleForm extends Omit<RuleDraft, 'include' | 'exclude' | 'encoding' | 'outputs'> {
  readonly include: string;
  readonly exclude: string;
  readonly job: StartChoice;
}

const usualNames = {
  participants: '{room_name}/{publisher_identity}-{time}',
  tracks: '{room_name}/{publisher_identity}-{track_source}-{track_id}-{time}',
};
const nameFor = (takes: RuleDraft['takes']): string =>
  takes === 'participants' ? usualNames.participants : usualNames.tracks;
const kindFor = (takes: RuleDraft['takes']): 'participant' | 'track' =>
  takes === 'participants' ? 'participant' : 'track';
/** What a rule begins with, where it has one added. */
export const firstOutputs = (takes: RuleDraft['takes']) => ({
  file: fileAt(nameFor(takes)),
  segments: segmentsAt(`${usualNames.participants}/part`),
});

export function formOf(known: Rule | null, roomName: string | null, name: string): RuleForm {
  if (known) {
    const { id: _id, serverId: _serverId, savedAtMs: _saved, include, exclude, encoding, outputs, ...rest } = known;
    const job = { ...choiceOf(asProgram({ encoding, outputs }), 'egress-only'), kind: kindFor(known.takes) };
    return { ...rest, job, include: include.join('\n'), exclude: exclude.join('\n') };
  }
  const outputs = { ...firstChoice.outputs, file: firstOutputs('participants').file };
  return {
    name,
    isOn: true,
    roomName,
    takes: 'participants',
    include: '',
    exclude: '',
    withAgents: false,
    job: { ...firstChoice, kind: 'participant', outputs },
    whenFull: 'wait',
    leaveFree: 0,
  };
}
const asProgram = ({ encoding, outputs }: Pick<RuleDraft, 'encoding' | 'outputs'>) =>
  ({
    kind: 'participant',
    identity: '',
    screenShare: false,
    encoding,
    outputs: { ...noOutputs, ...outputs },
  }) as const;

/** Takes something else: a file name that nobody has changed changes with it, and a track needs a file. */
export function withTakes(form: RuleForm, takes: RuleDraft['takes']): RuleForm {
  const kind = kindFor(takes);
  const { file } = form.job.outputs;
  const isUsual = file?.filePath === nameFor(form.takes);
  const next =
    file === null && kind === 'participant'
      ? null
      : { ...firstOutputs(takes).file, ...file, ...(isUsual && { filePath: nameFor(takes) }) };
  return { ...form, takes, job: { ...form.job, kind, outputs: { ...form.job.outputs, file: next } } };
}

/** One a line. A comma parts a list, or is of an identity: both are meant, so that nobody is recorded by a slip. */
function linesOf(text: string): string[] {
  const parts = text.split('\n').flatMap((line) => [line, ...line.split(',')]);
  return [...new Set(parts.map((part) => part.trim()))].filter((part) => part !== '');
}

/** Null while something is missing, or a figure is out of its range. */
export function draftOf({ job, ...form }: RuleForm): RuleDraft | null {
  const { file, segments } = job.outputs;
  const draft = RuleDraft.safeParse({
    ...form,
    encoding: encodingOf(job),
    outputs: { file: file && { ...file, filePath: file.filePath.trim() }, segments },
    include: linesOf(form.include),
    exclude: linesOf(form.exclude),
  });
  return draft.success && anyRuleRequest(draft.data) !== null ? draft.data : null;
}

/** What is known to be wrong with the jobs of a rule, two of them under one name first. */
export function findingsOf(draft: RuleDraft | null, context: CheckContext): readonly Finding[] {
  const request = draft && anyRuleRequest(draft);
  return request ? [...clashesOf(draft), ...placed(checkRequest(request, context))] : [];
}

/** What two of them would share, where they would be written over one another. */
export function clashesOf({
  outputs: { file, segments },
  takes,
}: Pick<RuleDraft, 'outputs' | 'takes'>): readonly Finding[] {
  const isOfTracks = takes !== 'participants';
  const words = isOfTracks ? rulesWords.form.fileSameTrack : rulesWords.form.fileSame;
  const isOwn = (name: string): boolean =>
    isOfTracks ? name.includes('{track_id}') : name.includes('{publisher_identity}') && /\{(?:time|utc)\}/.test(name);
  const path = file?.filePath.trim() ?? '';
  const isNamedByServer = path === '' || path.endsWith('/');
  const found = file === null || isNamedByServer || isOwn(path) ? [] : [warn('outputs.file.filePath', words)];
  if (isOfTracks || segments === null) return found;
  // A playlist without a folder of its own lies beside the segments, in the folder of their prefix.
  const { filenamePrefix, playlistName } = segments;
  if (filenamePrefix === '' && playlistName === '') return found; // the server names them
  const playlist = playlistName.includes('/') ? playlistName : folderOf(filenamePrefix) + playlistName;
  return [filenamePrefix, playlist].every(isOwn)
    ? found
    : [...found, warn('outputs.segments.filenamePrefix', rulesWords.form.segmentsSame)];
}
const folderOf = (name: string): string => name.slice(0, name.lastIndexOf('/') + 1);
