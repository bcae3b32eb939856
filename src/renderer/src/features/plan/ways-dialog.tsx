import './plan.css';
import type { ComparedWay, PlanFigure } from '../../../../shared/model/job-plan.ts';
import { planWords } from '../../text/plan-messages.ts';
import { words } from '../../text/messages.ts';
import { Btn } from '../../ui/button.tsx';
import { DialogBox } from '../../ui/dialog.tsx';

const { head } = planWords;

/** Room composite against track egress and all between, for the room at hand; each figure with its origin. */
export function WaysDialog(props: {
  readonly ways: readonly ComparedWay[];
  readonly people: number;
  readonly onClose: () => void;
}) {
  return (
    <DialogBox
      title={planWords.title}
      mark={planWords.mark(props.people)}
      size="wide"
      onClose={props.onClose}
      footer={
        <>
          <span className="note">{planWords.hint}</span>
          <span className="push" />
          <Btn isBig onPress={props.onClose}>
            {words.common.close}
          </Btn>
        </>
      }
    >
      <table className="log ways">
        <thead>
          <tr>
            {[head.way, head.sessions, head.starts, head.delay, head.mixing, head.cost, head.control].map((label) => (
              <th key={label} scope="col">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {props.ways.map((way) => (
            <WayRow key={way.id} way={way} />
          ))}
        </tbody>
      </table>
    </DialogBox>
  );
}

function WayRow({ way }: { readonly way: ComparedWay }) {
  return (
    <tr className={way.isChosen ? 'is-chosen' : ''}>
      <th scope="row">
        {way.label} {way.isChosen ? <small>{planWords.chosen}</small> : null}
        <span className="sub">{way.gives}</span>
      </th>
      <td>
        <b>{way.sessions}</b>
        <span className="sub">{planWords.fits[`${way.fits}`]}</span>
      </td>
      <td>
        <Figures figures={way.starts} />
      </td>
      <td>
        <Figures figures={way.delay} />
      </td>
      <td>{way.mixing}</td>
      <td>
        <Figures figures={[way.costPerHour]} />
      </td>
      <td>{way.control}</td>
    </tr>
  );
}

function Figures({ figures }: { readonly figures: readonly PlanFigure[] }) {
  if (figures.length === 0) return <span className="sub">{planWords.notMeasured}</span>;
  return figures.map(({ value, from }) => (
    <span className="figure" key={from}>
      <b>{value}</b>
      <span className="sub">{from}</span>
    </span>
  ));
}
