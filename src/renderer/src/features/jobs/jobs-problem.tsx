import { useStore } from 'zustand';
import { jobsWords } from '../../text/jobs-messages.ts';
import { Btn } from '../../ui/button.tsx';
import { jobsView } from './jobs-view.ts';

/** Why the last start, or a stop, did not go through: it stays until it is dismissed or the next one is tried. */
export function JobsProblem() {
  const problem = useStore(jobsView, (state) => state.problem);
  const isInDialog = useStore(jobsView, (state) => state.dialog?.name === 'start');
  return (
    <div role="alert">
      {problem === null || isInDialog ? null : (
        <div className="blank trouble">
          <p>
            <b>{problem.text}</b>
          </p>
          {problem.said === undefined ? null : <p className="quote">{problem.said}</p>}
          {problem.advice === undefined ? null : <p className="sub">{problem.advice}</p>}
          <Btn onPress={() => jobsView.setState({ problem: null })}>{jobsWords.start.dismiss}</Btn>
        </div>
      )}
    </div>
  );
}
