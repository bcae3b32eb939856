import { useStore } from 'zustand';
import './storage.css';
import type { Storage } from '../../../../shared/model/storage.ts';
import { isSharingScreen, settingsStore } from '../../stores/settings.ts';
import { storagesStore } from '../../stores/storages.ts';
import { closeDialog, openDialog } from '../../stores/view.ts';
import { words } from '../../text/messages.ts';
import { storageWords as text } from '../../text/storage-messages.ts';
import { Btn } from '../../ui/button.tsx';
import { DialogBox } from '../../ui/dialog.tsx';
import { useStorageUsers } from './use-storage-users.ts';

/** All storage profiles, with what uses each. */
export function StoragesDialog() {
  const storages = useStore(storagesStore, (state) => state.storages);
  const isHidden = useStore(settingsStore, isSharingScreen);
  const usersOf = useStorageUsers();
  return (
    <DialogBox
      title={text.title}
      onClose={closeDialog}
      footer={
        <>
          <Btn onPress={() => openDialog({ name: 'storage' })}>{text.add}</Btn>
          <span className="push" />
          <Btn isBig onPress={closeDialog}>
            {words.common.close}
          </Btn>
        </>
      }
    >
      {storages.length === 0 ? (
        <div className="blank">
          <p>
            <b>{text.empty}</b>
          </p>
          <p className="sub">{text.emptyHint}</p>
        </div>
      ) : (
        <ul className="storage-list" aria-label={text.list}>
          {storages.map((storage, index) => (
            <StorageRow
              key={storage.id}
              storage={storage}
              users={usersOf(storage.id)}
              hiddenName={isHidden ? text.hiddenName(index + 1) : null}
            />
          ))}
        </ul>
      )}
    </DialogBox>
  );
}

function StorageRow(props: {
  readonly storage: Storage;
  readonly users: readonly string[];
  /** In screen-share mode: instead of the name. */
  readonly hiddenName: string | null;
}) {
  const { storage, users, hiddenName } = props;
  const name = hiddenName ?? storage.name;
  return (
    <li>
      <b className="cut" title={name}>
        {name}
      </b>
      <span className="mark cut">
        {text.providers[storage.place.provider]}
        {storage.isBackup ? <span className="tag">{text.backup}</span> : null}
      </span>
      <Btn
        aria-label={text.edit(name)}
        isDisabled={hiddenName !== null}
        onPress={() => openDialog({ name: 'storage', storageId: storage.id })}
      >
        {text.change}
      </Btn>
      <span className="sub cut" title={hiddenName === null ? storage.shown : undefined}>
        {hiddenName === null ? <bdi>{storage.shown}</bdi> : words.common.hidden}
      </span>
      <span className="sub cut">{users.length === 0 ? text.unused : text.usedBy(users)}</span>
      {storage.isMissing ? <span className="warn whole">{text.missing}</span> : null}
      {storage.warnings.map((warning) => (
        <span key={warning} className="sub whole">
          {warning}
        </span>
      ))}
    </li>
  );
}
