import { useStore } from 'zustand';
import { roomsStore } from '../../stores/rooms.ts';
import { serversStore } from '../../stores/servers.ts';
import { words } from '../../text/messages.ts';
import { showsWords as text } from '../../text/shows-messages.ts';
import { Btn } from '../../ui/button.tsx';
import { DialogBox } from '../../ui/dialog.tsx';
import type { Timing } from '../../../../shared/model/timing.ts';
import type { StartOrder } from '../jobs/use-job-commands.ts';
import { StartBody } from '../start/start-body.tsx';
import type { StartChoice } from '../start/start-choice.ts';
import { useModEnter } from '../start/use-mod-enter.ts';
import { useStartForm } from '../start/use-start-form.ts';

export interface JobPanelProps {
  readonly first: StartChoice;
  readonly onKeep: (order: StartOrder & { readonly timing: Timing }) => void;
  readonly onClose: () => void;
}

/** The start panel for a job of a show: it starts nothing. The room at hand lends its people, and the plan its verdict. */
export function JobPanel({ first, onKeep, onClose }: JobPanelProps) {
  const serverId = useStore(serversStore, (state) => state.chosenId) ?? '';
  const roomName = useStore(roomsStore, (state) => state.chosenName) ?? '';
  const form = useStartForm(serverId, roomName, first);
  const keep = (): void => {
    if (form.order !== null) onKeep({ ...form.order, timing: form.choice.timing });
  };
  useModEnter(keep);
  return (
    <DialogBox
      title={text.jobPanel}
      mark={roomName}
      size="wide"
      onClose={onClose}
      footer={
        <>
          <span className="push" />
          <Btn isBig onPress={onClose}>
            {words.common.cancel}
          </Btn>
          <Btn isBig look="first" isDisabled={form.order === null} onPress={keep}>
            {text.keepJob}
          </Btn>
        </>
      }
    >
      <StartBody form={form} roomName={roomName} failed={null} />
    </DialogBox>
  );
}
