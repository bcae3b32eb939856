import { memo } from 'react';
import type { Tally as TallyWord } from '../../../../shared/model/room.ts';
import { controlWords } from '../../text/control-messages.ts';
import { words } from '../../text/messages.ts';
import { Btn } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Tally } from '../../ui/tally.tsx';
import { useGridKeys } from '../../ui/use-grid-keys.ts';
import { controlView } from '../control/control-view.ts';
import { LevelFigure, MeterScale, MeterSlot, PeakFigure } from './meter-cell.tsx';
import type { PersonRow } from './people-rows.ts';

export interface PeopleTableProps {
  readonly rows: readonly PersonRow[];
  /** The tallies that hold anybody now, separated by spaces. */
  readonly tallies: string;
}

/**
 * Arrow keys go from row to row and cell to cell. Each row is drawn again only when it changed: a component table built
 * its whole collection anew for one speaker, which cost 7 % of a core with 40 people.
 */
export const PeopleTable = memo(function PeopleTable({ rows, tallies }: PeopleTableProps) {
  const keys = useGridKeys();
  return (
    <table aria-label={words.people.title} {...keys}>
      <thead>
        <tr>
          <th scope="col" className="c-name">
            <span className="cap">{words.people.title}</span> {rows.length}
          </th>
          <th scope="col">
            <span className="vh">{words.people.level}</span>
            <div className="metered">
              <MeterScale />
            </div>
          </th>
          <th scope="col" className="num c-db">
            {words.people.dbfs}
          </th>
          <th scope="col" className="num c-peak" title={words.people.peakHint}>
            {words.people.peak}
          </th>
          <th scope="col" className="c-tally">
            {words.people.onAirIn}
          </th>
          <th scope="col" className="c-more">
            <span className="vh">{words.people.more}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <PersonLine key={row.identity} row={row} tallies={tallies} />
        ))}
      </tbody>
    </table>
  );
});

const PersonLine = memo(function PersonLine({ row, tallies }: { readonly row: PersonRow; readonly tallies: string }) {
  const shown = tallies === '' ? [] : (tallies.split(' ') as TallyWord[]); // joined from such words by the panel
  const isMetered = row.instead === null;
  return (
    <tr className={`sp-${row.hue} ${row.isSpeaking ? 'talks' : ''} ${row.isStale ? 'is-old' : ''}`}>
      <th scope="row" tabIndex={-1}>
        <div className="who">
          <b className="cut" title={row.name}>
            <bdi>{row.name}</bdi>
          </b>
          {row.kind === '' ? null : <span className="mark">{row.kind}</span>}
          {row.isSpeaking ? <span className="speaks">{words.people.speaks}</span> : null}
        </div>
      </th>
      <td tabIndex={-1}>
        <MeterSlot meterKey={row.identity} name={words.people.levelOf(row.name)} word={row.instead} />
      </td>
      <td className="num" tabIndex={-1}>
        {isMetered ? <LevelFigure meterKey={row.identity} /> : <span className="dim">{words.common.none}</span>}
      </td>
      <td className="num dim" tabIndex={-1}>
        {isMetered ? <PeakFigure meterKey={row.identity} name={row.name} /> : <span>{words.common.none}</span>}
      </td>
      <td tabIndex={-1}>
        <div className="tl">
          {shown.map((word) => (
            <Tally
              key={word}
              tone={row.tally.includes(word) && !row.isStale ? 'live' : 'off'}
              isSoft
              hasEdge={row.tally.includes(word) && row.isStale}
            >
              {row.tally.includes(word) ? row.isStale ? `${word} ?` : word : <s>{word}</s>}
            </Tally>
          ))}
        </div>
      </td>
      <td>
        <Btn
          look="quiet"
          isIcon
          data-cell-control=""
          excludeFromTabOrder
          aria-label={controlWords.menus.person(row.name)}
          aria-haspopup="menu"
          onPress={(event) => {
            if (event.target instanceof HTMLElement)
              controlView.setState({ menu: { identity: row.identity, button: { current: event.target } } });
          }}
        >
          <Icon name="more" />
        </Btn>
      </td>
    </tr>
  );
});
