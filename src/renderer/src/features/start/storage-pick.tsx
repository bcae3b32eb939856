import { startWords as text } from '../../text/start-messages.ts';
import { Pick } from '../../ui/pick.tsx';
import { useStorages } from './use-storages.ts';

const ownId = ' own'; // no storage profile has such an id

/** Where an output is kept: a storage profile, or where the server is set to store. */
export function StoragePick(props: {
  readonly output: string;
  readonly value: string | null;
  readonly onPick: (storageId: string | null) => void;
}) {
  const storages = useStorages();
  const { value } = props;
  const isThere = value === null || storages.some((each) => each.id === value);
  return (
    <Pick
      label={text.storage(props.output)}
      className="field"
      value={value ?? ownId}
      items={[
        { id: ownId, label: text.ownStorage },
        ...storages,
        ...(isThere ? [] : [{ id: value, label: text.goneStorage }]),
      ]}
      onPick={(id) => props.onPick(id === ownId ? null : id)}
    />
  );
}
