import { useStore } from 'zustand';
import { controlWords } from '../../text/control-messages.ts';
import { Btn } from '../../ui/button.tsx';
import { controlView } from './control-view.ts';
import { ProblemLines } from './problem-lines.tsx';
import { Waited } from './waited.tsx';

const text = controlWords.notice;

/** What a menu's command waits for, and why the last one was refused. */
export function ControlNotice() {
  const waiting = useStore(controlView, (state) => state.waiting);
  const problem = useStore(controlView, (state) => state.problem);
  return (
    <div className="control-notice">
      <output className="sub">
        {waiting === null ? null : <Waited sinceMs={waiting.sinceMs} words={(ms) => text.waited(waiting.what, ms)} />}
      </output>
      <ProblemLines problem={problem}>
        <Btn onPress={() => controlView.setState({ problem: null })}>{text.dismiss}</Btn>
      </ProblemLines>
    </div>
  );
}
