import { memo } from 'react';
import { Cell, Column, Row, Table, TableBody, TableHeader } from 'react-aria-components';
import type { Tally as TallyWord } from '../../../../shared/model/room.ts';
import { words } from '../../text/messages.ts';
import { Tally } from '../../ui/tally.tsx';
import { LevelFigure, MeterScale, MeterSlot, PeakFigure } from './meter-cell.tsx';
import type { PersonRow } from './people-rows.ts';

export interface PeopleTableProps {
  readonly rows: readonly PersonRow[];
  /** The tallies that hold anybody now, separated by spaces. */
  readonly tallies: string;
}

/** Arrow keys go from row to row and cell to cell. Rows that did not change are not drawn again. */
export const PeopleTable = memo(function PeopleTable({ rows, tallies }: PeopleTableProps) {
  const shown = tallies === '' ? [] : (tallies.split(' ') as TallyWord[]); // joined from such words by the panel
  return (
    <Table aria-label={words.people.title}>
      <TableHeader>
        <Column isRowHeader className="c-name">
          <span className="cap">{words.people.title}</span> {rows.length}
        </Column>
        <Column className="c-level">
          <span className="vh">{words.people.level}</span>
          <div className="metered">
            <MeterScale />
          </div>
        </Column>
        <Column className="num c-db">{words.people.dbfs}</Column>
        <Column className="num c-peak">
          <span title={words.people.peakHint}>{words.people.peak}</span>
        </Column>
        <Column className="c-tally">{words.people.onAirIn}</Column>
      </TableHeader>
      <TableBody items={rows.map((row) => ({ ...row, id: row.identity, row }))} dependencies={[tallies]}>
        {({ row }) => <PersonLine row={row} shown={shown} />}
      </TableBody>
    </Table>
  );
});

function PersonLine({ row, shown }: { readonly row: PersonRow; readonly shown: readonly TallyWord[] }) {
  return (
    <Row
      id={row.identity}
      textValue={row.name}
      className={`sp-${row.hue} ${row.isSpeaking ? 'talks' : ''} ${row.isStale ? 'is-old' : ''}`}
    >
      <Cell textValue={row.name}>
        <div className="who">
          <b className="cut" title={row.name}>
            <bdi>{row.name}</bdi>
          </b>
          {row.kind === '' ? null : <span className="mark">{row.kind}</span>}
          {row.isSpeaking ? <span className="speaks">{words.people.speaks}</span> : null}
        </div>
      </Cell>
      <Cell>
        <MeterSlot meterKey={row.identity} name={words.people.levelOf(row.name)} word={row.instead} />
      </Cell>
      <Cell className="num">
        {row.instead === null ? (
          <LevelFigure meterKey={row.identity} />
        ) : (
          <span className="dim">{words.common.none}</span>
        )}
      </Cell>
      <Cell className="num dim">
        {row.instead === null ? (
          <PeakFigure meterKey={row.identity} name={row.name} />
        ) : (
          <span>{words.common.none}</span>
        )}
      </Cell>
      <Cell>
        <div className="tl">
          {shown.map((word) => (
            <Tally key={word} tone={row.tally.includes(word) && !row.isStale ? 'live' : 'off'} isSoft>
              {row.tally.includes(word) ? word : <s>{word}</s>}
            </Tally>
          ))}
        </div>
      </Cell>
    </Row>
  );
}
