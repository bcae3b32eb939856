import './start.css';
import type { Problem } from '../../../../shared/model/common.ts';
import { toldAtFields } from './finds.tsx';
import { PlanVerdict } from './plan-verdict.tsx';
import { isStreamOnly } from './start-choice.ts';
import { StartForm } from './start-form.tsx';
import type { StartFormState } from './use-start-form.ts';

/** The fields at the left, the verdict at the right. */
export function StartBody(props: {
  readonly form: StartFormState;
  readonly roomName: string;
  readonly failed: Problem | null;
  /** What is to be known of what it begins with. */
  readonly note?: string | undefined;
}) {
  const { choice, change, findings, verdict, missing } = props.form;
  return (
    <div className="split2">
      <div className="start-fields">
        {props.note === undefined ? null : <p className="start-note">{props.note}</p>}
        <StartForm roomName={props.roomName} choice={choice} change={change} findings={findings} />
      </div>
      <PlanVerdict
        verdict={verdict}
        isLive={isStreamOnly(choice)}
        missing={missing}
        told={toldAtFields(findings)}
        failed={props.failed}
      />
    </div>
  );
}
