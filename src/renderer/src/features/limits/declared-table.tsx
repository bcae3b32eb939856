import type { ReactNode } from 'react';
import { words } from '../../text/messages.ts';
import { Btn } from '../../ui/button.tsx';

export interface DeclaredRow<Id extends string> {
  readonly id: Id;
  readonly label: ReactNode;
  /** Null: nobody has told it yet. */
  readonly figure: string | null;
  /** Who says so. */
  readonly from: string;
  /** What its button does, for those who do not see the row. */
  readonly action: string;
}

/** Figures that a producer can declare, each with who says so. */
export function DeclaredTable<Id extends string>(props: {
  readonly head: { readonly what: string; readonly figure: string };
  /** What stands in place of a figure that nobody has told. */
  readonly none: string;
  readonly rows: readonly DeclaredRow<Id>[];
  readonly onEdit: (id: Id) => void;
}) {
  const { head, none, rows, onEdit } = props;
  return (
    <table className="log mid limits-log">
      <thead>
        <tr>
          <th scope="col">{head.what}</th>
          <th scope="col" className="num">
            {head.figure}
          </th>
          <th scope="col">{words.limits.source}</th>
          <th scope="col">
            <span className="vh">{words.limits.change}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ id, label, figure, from, action }) => (
          <tr key={id}>
            <td>{label}</td>
            <td className="num">
              <b>{figure ?? none}</b>
            </td>
            <td>
              <span className="sub">{from}</span>
            </td>
            <td className="num">
              <Btn aria-label={action} onPress={() => onEdit(id)}>
                {figure === null ? words.limits.declare : words.limits.change}
              </Btn>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
