import type { Job } from '../../../../shared/model/job.ts';
import { destinationsWords } from '../../text/destinations-messages.ts';
import { Btn } from '../../ui/button.tsx';
import { DialogBox } from '../../ui/dialog.tsx';
import { useFirstFocus } from '../../ui/use-first-focus.ts';
import { closeDestinations } from './destinations-view.ts';
import { useDestinationCalls } from './use-destination-calls.ts';
import { useDestinationNames } from './use-destination-names.ts';
import { useSending } from './use-sending.ts';

const text = destinationsWords.dropDialog;

/** Asks before a destination that is on air is taken off. */
export function DropDestinationDialog({ job, destinationId }: { readonly job: Job; readonly destinationId: string }) {
  const nameOf = useDestinationNames(job);
  const calls = useDestinationCalls(job.id);
  const { isBusy, failure, send } = useSending();
  const keep = useFirstFocus<HTMLButtonElement>(); // on what changes nothing
  const destination = job.destinations.find((one) => one.id === destinationId);
  if (!destination) return null;
  return (
    <DialogBox
      title={text.title(nameOf(destination))}
      role="alertdialog"
      size="narrow"
      onClose={closeDestinations}
      footer={
        <>
          <span className="push" />
          <Btn isBig ref={keep} onPress={closeDestinations}>
            {text.keep}
          </Btn>
          <Btn
            isBig
            look="trouble"
            isDisabled={isBusy}
            onPress={() => send(() => calls.drop(destination.id), closeDestinations)}
          >
            {text.drop}
          </Btn>
        </>
      }
    >
      <p className="sub">{text.body}</p>
      <div role="alert">{failure === null ? null : <p className="warn">{failure}</p>}</div>
    </DialogBox>
  );
}
