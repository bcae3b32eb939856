import type { ReactNode } from 'react';
import { Header, Menu, MenuItem, MenuSection, MenuTrigger, Popover } from 'react-aria-components';

export interface MenuEntry {
  readonly id: string;
  readonly label: string;
  /** A second, quieter line. */
  readonly detail?: string;
  /** The head that it stands under, with those before and after it of the same one. */
  readonly group?: string;
  readonly isDisabled?: boolean;
  readonly onAction: () => void;
}

/** A button (the first child) that opens a short list of commands. */
export function MenuButton({
  label,
  trigger,
  entries,
}: {
  readonly label: string;
  readonly trigger: ReactNode;
  readonly entries: readonly MenuEntry[];
}) {
  return (
    <MenuTrigger>
      {trigger}
      <Popover className="popover" placement="bottom end">
        <Menu className="menu" aria-label={label}>
          {[...Map.groupBy(entries, ({ group }) => group)].map(([group, grouped]) =>
            group === undefined ? (
              grouped.map(itemOf)
            ) : (
              <MenuSection key={group}>
                <Header className="menu-head">{group}</Header>
                {grouped.map(itemOf)}
              </MenuSection>
            ),
          )}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

const itemOf = (entry: MenuEntry): ReactNode => (
  <MenuItem
    key={entry.id}
    id={entry.id}
    className="menu-item"
    textValue={entry.label}
    isDisabled={entry.isDisabled ?? false}
    onAction={entry.onAction}
  >
    <span>{entry.label}</span>
    {entry.detail === undefined ? null : <span className="sub">{entry.detail}</span>}
  </MenuItem>
);
