import type { Finding } from '../../../../shared/checks/finding.ts';

/** Media and template hold their outputs one level deeper; the panel shows both in the same fields. */
export const placed = (findings: readonly Finding[]): readonly Finding[] =>
  findings.map((finding) => ({ ...finding, field: finding.field.replace(/^output\./, '') }));

/** Fields that may be folded away: what is found of them stands in the verdict as well. */
const folded =
  /^(?:encoding|audioMixing|templateId|tracks|outputs\.segments\.(?:playlist|live|segmentD|filenameS)|outputs\.images\.\d+\.(?:w|h|filenameS))/;

/** What is told at its field already, and so need not be told again in the verdict. */
export const toldAtFields = (findings: readonly Finding[]): ReadonlySet<string> =>
  new Set(findings.filter(({ field }) => !folded.test(field)).map(({ text }) => text));

/** What was found of a field or of a part of it, under it. `of` ends where the path may go on. */
export function Finds({ findings, of }: { readonly findings: readonly Finding[]; readonly of: readonly string[] }) {
  const here = findings.filter(({ field }) => of.some((path) => field === path || field.startsWith(`${path}.`)));
  return here.map(({ field, severity, text }) => (
    <span className={severity === 'refuse' ? 'wide find is-bad' : 'wide find'} key={`${field} ${text}`}>
      {text}
    </span>
  ));
}
