import { Button, ListBox, ListBoxItem, Popover, Select, SelectValue } from 'react-aria-components';
import { Icon } from './icon.tsx';

interface PickItem {
  readonly id: string;
  readonly label: string;
  readonly detail?: string;
  /** Set off from the rest: a command rather than a value. */
  readonly isApart?: boolean;
}

export interface PickProps {
  readonly label: string;
  /** A quiet word inside the button, before the value. */
  readonly mark?: string;
  readonly value: string | null;
  readonly items: readonly PickItem[];
  readonly onPick: (id: string) => void;
  /** What stands there while nothing is picked. */
  readonly placeholder?: string;
  readonly className?: string;
}

/** One value out of a list that opens. */
export function Pick({ label, mark, value, items, onPick, placeholder, className = 'pick' }: PickProps) {
  return (
    <Select
      aria-label={label}
      value={value}
      onChange={(key) => {
        if (typeof key === 'string') onPick(key);
      }}
    >
      <Button className={className}>
        {/* The value before the mark, as its name is spoken; the style sheet shows the mark first. */}
        <SelectValue className="cut">{items.find((item) => item.id === value)?.label ?? placeholder ?? ''}</SelectValue>
        {mark === undefined ? null : <small> {mark}</small>}
        <Icon name="chev" />
      </Button>
      <Popover className="popover">
        <ListBox className="menu" items={items}>
          {(item) => (
            <ListBoxItem className={item.isApart ? 'menu-item apart' : 'menu-item'} textValue={item.label}>
              <span className="cut">{item.label}</span>
              {item.detail === undefined ? null : <span className="sub cut">{item.detail}</span>}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </Select>
  );
}
