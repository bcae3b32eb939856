import type { ReactNode } from 'react';
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';

export interface DialogBoxProps {
  readonly title: ReactNode;
  /** A few quiet words beside the title. */
  readonly mark?: ReactNode;
  readonly size?: 'narrow' | 'plain' | 'wide';
  /** `alertdialog` for what ends something. */
  readonly role?: 'dialog' | 'alertdialog';
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly footer?: ReactNode;
}

/** The frame of every dialog. Esc and a press outside close it; neither ever stops anything that runs. */
export function DialogBox({ title, mark, size = 'plain', role = 'dialog', onClose, children, footer }: DialogBoxProps) {
  return (
    <ModalOverlay
      className="overlay"
      isOpen
      isDismissable={role === 'dialog'}
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
    >
      <Modal className={`modal ${size}`}>
        <Dialog className="dialog" role={role}>
          <header>
            <Heading slot="title">{title}</Heading>
            {mark === undefined ? null : <span className="mark">{mark}</span>}
          </header>
          <div className="body">{children}</div>
          {footer === undefined ? null : <footer>{footer}</footer>}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
