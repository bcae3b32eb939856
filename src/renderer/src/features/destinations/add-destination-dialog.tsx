import { useState } from 'react';
import { useStore } from 'zustand';
import type { Job } from '../../../../shared/model/job.ts';
import { outputsOf } from '../../../../shared/model/job-request.ts';
import { isSharingScreen, settingsStore } from '../../stores/settings.ts';
import { addressesStore } from '../../stores/addresses.ts';
import { destinationsWords } from '../../text/destinations-messages.ts';
import { words } from '../../text/messages.ts';
import { Btn } from '../../ui/button.tsx';
import { DialogBox } from '../../ui/dialog.tsx';
import { PickRow } from '../../ui/pick-row.tsx';
import { useAddressNames } from '../addresses/use-address-names.ts';
import { NewAddress } from '../start/new-address.tsx';
import { closeDestinations } from './destinations-view.ts';
import { useDestinationCalls } from './use-destination-calls.ts';
import { useDestinationNames } from './use-destination-names.ts';
import { useSending } from './use-sending.ts';

const text = destinationsWords.addDialog;
const newId = ' new'; // no address has such an id

/** Which address joins the stream; or takes the place of one. */
export function AddDestinationDialog({ job, replaces }: { readonly job: Job; readonly replaces: string | null }) {
  const addresses = useStore(addressesStore, (state) => state.addresses);
  const isHidden = useStore(settingsStore, isSharingScreen);
  const nameOf = useAddressNames();
  const nameOfDestination = useDestinationNames(job);
  const protocol = protocolOf(job);
  const taken = new Set(job.destinations.filter(isThere).map((one) => one.addressId));
  const free = addresses.filter((address) => address.kind === protocol && !address.isMissing && !taken.has(address.id));
  const [pickedId, setPickedId] = useState<string | null>(free.length === 1 ? (free[0]?.id ?? null) : null);
  const [isTyping, setTyping] = useState(free.length === 0);
  const calls = useDestinationCalls(job.id);
  const { isBusy, failure, send } = useSending();
  const old = job.destinations.find((one) => one.id === replaces);
  return (
    <DialogBox
      title={old ? text.replaceTitle(nameOfDestination(old)) : text.title(job.title)}
      onClose={closeDestinations}
      footer={
        <>
          <span className="push" />
          <Btn isBig onPress={closeDestinations}>
            {words.common.cancel}
          </Btn>
          <Btn
            isBig
            look="first"
            isDisabled={pickedId === null || isBusy}
            onPress={() => {
              if (pickedId !== null) send(() => calls.add(pickedId, replaces), closeDestinations);
            }}
          >
            {old ? text.replace : text.add}
          </Btn>
        </>
      }
    >
      <div className="form">
        <PickRow
          label={text.pick}
          value={pickedId}
          items={[
            ...free.map((address) => ({
              id: address.id,
              label: nameOf(address),
              ...(isHidden ? {} : { detail: address.url }),
            })),
            { id: newId, label: text.type, isApart: free.length > 0 },
          ]}
          onPick={(id) => {
            setTyping(id === newId);
            setPickedId(id === newId ? null : id);
          }}
        />
        {free.length === 0 ? <span className="wide note">{text.none}</span> : null}
        {isTyping ? (
          <NewAddress
            use={protocol}
            onCancel={() => setTyping(false)}
            onKept={(id) => {
              setPickedId(id);
              setTyping(false);
            }}
          />
        ) : null}
        <p className="wide note">{old ? text.replaceNote : text.note}</p>
      </div>
      <div role="alert">{failure === null ? null : <p className="warn">{failure}</p>}</div>
    </DialogBox>
  );
}

const isThere = ({ state }: Job['destinations'][number]): boolean => state !== 'dropped' && state !== 'failed';

/** All destinations of one job speak the same protocol. */
function protocolOf(job: Job): 'rtmp' | 'srt' {
  const first = job.destinations[0]?.url;
  if (first !== undefined) return first.startsWith('srt:') ? 'srt' : 'rtmp';
  return outputsOf(job.request)?.stream?.protocol ?? 'rtmp';
}
