import type { RuleSubject } from '../../../../shared/model/rule.ts';
import { rulesWords as text } from '../../text/rules-messages.ts';
import { Tally } from '../../ui/tally.tsx';

const tones: Readonly<Record<RuleSubject['state'], 'live' | 'armed' | 'trouble' | 'off'>> = {
  recording: 'live',
  desk: 'live',
  starting: 'armed',
  waits: 'trouble',
  'gave-up': 'trouble',
  cannot: 'trouble',
  excluded: 'off',
  ended: 'off',
};

/** Each person or track as a rule sees it, and why. */
export function RuleSubjects(props: { readonly subjects: readonly RuleSubject[]; readonly label: string }) {
  const { columns } = text;
  return (
    <table className="log rule-subjects" aria-label={props.label}>
      <thead>
        <tr>
          {[columns.person, columns.room, columns.state, columns.why].map((label) => (
            <th key={label} scope="col">
              {label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {props.subjects.map((subject) => (
          <tr key={`${subject.roomName} ${subject.identity} ${subject.trackSid ?? ''}`}>
            <th scope="row">
              <bdi>{subject.name}</bdi>{' '}
              {subject.source === null ? null : <span className="mark">{text.sources[subject.source]}</span>}
            </th>
            <td className="cut">
              <bdi>{subject.roomName}</bdi>
            </td>
            <td>
              <Tally tone={tones[subject.state]} isSoft hasEdge={tones[subject.state] === 'off'}>
                {text.states[subject.state]}
              </Tally>
            </td>
            <td>{subject.reason}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
