import { closeDialog } from '../../stores/view.ts';
import { words } from '../../text/messages.ts';
import { supportWords as text } from '../../text/support-messages.ts';
import { Btn } from '../../ui/button.tsx';
import { DialogBox } from '../../ui/dialog.tsx';
import { SupportBundle } from './support-bundle.tsx';

/** The support bundle by itself: what the palette opens. */
export function SupportDialog() {
  return (
    <DialogBox
      title={text.title}
      onClose={closeDialog}
      footer={
        <>
          <span className="push" />
          <Btn isBig onPress={closeDialog}>
            {words.common.close}
          </Btn>
        </>
      }
    >
      <SupportBundle isFirst />
    </DialogBox>
  );
}
