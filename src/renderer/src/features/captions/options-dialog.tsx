import { useState } from 'react';
import { useStore } from 'zustand';
import { captionsWords } from '../../text/captions-messages.ts';
import { words } from '../../text/messages.ts';
import { Btn } from '../../ui/button.tsx';
import { DialogBox } from '../../ui/dialog.tsx';
import { areGoodCaptions, CaptionFields } from './caption-fields.tsx';
import { captionsView, setOptions } from './captions-view.ts';

const text = captionsWords.told;

/** All that the next session is started with, among it what a short list has no room for. */
export function OptionsDialog() {
  const isAsking = useStore(captionsView, (state) => state.isAskingOptions);
  return isAsking ? <OptionsForm /> : null;
}

function OptionsForm() {
  const [options, setTyped] = useState(captionsView.getState().options);
  const close = (): void => captionsView.setState({ isAskingOptions: false });
  return (
    <DialogBox
      title={text.title}
      onClose={close}
      footer={
        <>
          <span className="push" />
          <Btn isBig onPress={close}>
            {words.common.cancel}
          </Btn>
          <Btn
            isBig
            look="first"
            isDisabled={!areGoodCaptions(options)}
            onPress={() => {
              setOptions(options);
              close();
            }}
          >
            {text.use}
          </Btn>
        </>
      }
    >
      <div className="form">
        <CaptionFields captions={options} onChange={setTyped} />
      </div>
    </DialogBox>
  );
}
