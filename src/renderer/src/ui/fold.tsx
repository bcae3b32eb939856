import type { ReactNode } from 'react';
import { Button, Disclosure, DisclosurePanel } from 'react-aria-components';
import { Icon } from './icon.tsx';

/** What one seldom needs, behind its name; what it holds now stands beside it while it is shut. */
export function Fold(props: {
  readonly title: string;
  readonly now?: string;
  readonly isOpen?: boolean;
  readonly children: ReactNode;
}) {
  return (
    <Disclosure className="fold" defaultExpanded={props.isOpen ?? false}>
      <Button slot="trigger" className="fold-trigger">
        <Icon name="right" isSmall />
        {props.title}
        {props.now === undefined ? null : <span className="fold-now cut">{props.now}</span>}
      </Button>
      <DisclosurePanel className="fold-panel">{props.children}</DisclosurePanel>
    </Disclosure>
  );
}
