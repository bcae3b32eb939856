import { useId, type ReactNode } from 'react';
import { Group } from 'react-aria-components';
import { startWords as text } from '../../text/start-messages.ts';
import { Btn } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';

/** The frame of one output: its name, what one picks first beside it, the way to take it out, then its fields. */
export function OutputRow(props: {
  readonly name: string;
  readonly first: ReactNode;
  readonly onRemove: () => void;
  readonly children: ReactNode;
}) {
  const id = useId();
  return (
    <Group className="output" aria-labelledby={id}>
      <span className="l output-name" id={id}>
        {props.name}
      </span>
      <span className="row output-first">
        {props.first}
        <Btn look="quiet" isIcon aria-label={text.outputs.remove(props.name)} onPress={props.onRemove}>
          <Icon name="cross" isSmall />
        </Btn>
      </span>
      {props.children}
    </Group>
  );
}
