import { useState } from 'react';
import { useStore } from 'zustand';
import type { Server, ServerCheck } from '../../../../shared/model/server.ts';
import { roomsStore } from '../../stores/rooms.ts';
import { serversStore } from '../../stores/servers.ts';
import { closeDialog } from '../../stores/view.ts';
import { dialogWords } from '../../text/dialog-messages.ts';
import { testedWords } from '../../text/tested-messages.ts';
import { Copyable } from '../../ui/copyable.tsx';
import { Field } from '../../ui/field.tsx';
import { forget } from '../../ui/forget.ts';
import { KeepChoices } from '../../ui/keep-choices.tsx';
import { TestSteps } from '../tested/test-steps.tsx';
import { TestedDialog } from '../tested/tested-dialog.tsx';
import { useConnect, type ServerDraft } from './use-connect.ts';

const text = dialogWords.connect;

/** A server's URL, key and secret; each check of the test answers in words. */
export function ConnectDialog({ serverId }: { readonly serverId: string | null }) {
  const { servers, protection } = useStore(serversStore);
  const known = servers.find((server) => server.id === serverId) ?? null;
  const [draft, setDraft] = useState<ServerDraft>({
    name: known?.name ?? '',
    url: known?.url ?? '',
    apiKey: known?.apiKey ?? '',
    apiSecret: '',
    keep: known?.protection === 'this-run' ? 'this-run' : 'stored',
  });
  const tested = useConnect(known?.id ?? null);
  const { state } = tested;
  const change = (part: Partial<ServerDraft>): void => {
    setDraft({ ...draft, ...part });
    if (part.name === undefined && part.keep === undefined) tested.reset();
  };
  const close = (): void => {
    forget(() => setDraft((typed) => ({ ...typed, apiSecret: '' })));
    closeDialog();
  };
  return (
    <TestedDialog
      title={known === null ? text.title : text.editTitle(known.name)}
      draft={draft}
      tested={tested}
      onName={(name) => change({ name })}
      otherName={hostOf(draft.url)}
      isNew={known === null}
      isFit={draft.url.trim() !== '' && draft.apiKey.trim() !== '' && (known !== null || draft.apiSecret !== '')}
      saveLabel={saveLabel}
      removal={known === null || known.kind === 'rehearsal' ? null : { ...text, name: known.name }}
      onClose={close}
      below={state.step === 'tested' ? <TestSteps steps={state.found} names={text.checks} /> : null}
    >
      <Field
        label={text.url}
        value={draft.url}
        onChange={(url) => change({ url })}
        inputMode="url"
        placeholder={text.urlHint}
        maxLength={2048}
      />
      <Field
        label={text.key}
        value={draft.apiKey}
        onChange={(apiKey) => change({ apiKey })}
        maxLength={256}
        autoComplete="off"
      />
      <Field
        label={text.secret}
        type="password"
        autoComplete="off"
        value={draft.apiSecret}
        onChange={(apiSecret) => change({ apiSecret })}
        maxLength={1024}
        {...(known === null ? {} : { placeholder: text.secretKept(known.secretHint) })}
      />
      <KeepChoices value={draft.keep} protection={protection} onChange={(keep) => change({ keep })} />
      {known === null ? null : <Webhooks server={known} />}
    </TestedDialog>
  );
}

/** Where the server may send its webhooks, and, of the server that is seen now, whether any come. */
function Webhooks({ server }: { readonly server: Server }) {
  const by = useStore(roomsStore, ({ list }) => (list?.serverId === server.id ? list.sight.by : null));
  if (server.webhookUrl === null) return null;
  return (
    <>
      <span className="l">{text.webhooks}</span>
      <span>
        <Copyable text={server.webhookUrl} label={text.webhooks} className="mono" />
      </span>
      <span className="wide note">
        {text.webhooksHint} {by === null ? null : by === 'webhooks' ? text.webhooksCome : text.webhooksNone}
      </span>
    </>
  );
}

/** A server without a name goes by its host. */
const hostOf = (url: string): string => URL.parse(url.trim())?.hostname.slice(0, 80) ?? '';

function saveLabel(checks: readonly ServerCheck[]): string {
  const failed = checks.filter((check) => check.state === 'failed');
  if (failed.length === 0) return testedWords.save;
  return failed.every((check) => check.id === 'egress') ? text.saveWithoutEgress : testedWords.saveUntested;
}
