import { useState } from 'react';
import { Form } from 'react-aria-components';
import { useStore } from 'zustand';
import { joinRights, type JoinLink, type JoinOrder, type JoinRole } from '../../../../shared/model/join-link.ts';
import { chosenServer, serversStore } from '../../stores/servers.ts';
import { controlWords } from '../../text/control-messages.ts';
import { words } from '../../text/messages.ts';
import { Btn } from '../../ui/button.tsx';
import { DialogBox } from '../../ui/dialog.tsx';
import { Choices, Field } from '../../ui/field.tsx';
import { forget } from '../../ui/forget.ts';
import { closeControl } from './control-view.ts';
import { JoinSecret } from './join-secret.tsx';
import { isTooLong, nameBytes } from './lengths.ts';
import { ProblemLines } from './problem-lines.tsx';
import { useSend } from './use-send.ts';

const text = controlWords.join;
const roles: readonly JoinRole[] = ['guest', 'viewer', 'monitor'];
const lengths = ['3600', '21600', '86400', '604800'] as const;

/** A name that nobody in the room is likely to have: the same identity twice puts the first one out. */
const freshIdentity = (role: JoinRole): string => `${role}-${crypto.randomUUID().slice(0, 4)}`;

/** A link or token for somebody else, with its rights in words. The secret lives in this dialog and ends with it. */
export function JoinDialog({ roomName }: { readonly roomName: string }) {
  const server = useStore(serversStore, chosenServer);
  const [order, setOrder] = useState<JoinOrder>(() => ({
    role: 'guest',
    roomName,
    identity: freshIdentity('guest'),
    name: '',
    validForS: 21_600,
  }));
  const [made, setMade] = useState<JoinLink | null>(null);
  const { problem, send } = useSend();
  const change = (part: Partial<JoinOrder>): void => {
    setOrder({ ...order, ...part });
    setMade(null); // it would no longer be what the fields say
  };
  const takeRole = (role: JoinRole): void => {
    const isFresh = /^(?:guest|viewer|monitor)-[0-9a-f]{4}$/.test(order.identity);
    change({ role, ...(isFresh ? { identity: freshIdentity(role) } : {}) });
  };
  const isGood = (value: string): boolean => value.trim() !== '' && !isTooLong(value, nameBytes);
  const can = isGood(order.roomName) && isGood(order.identity) && !isTooLong(order.name, nameBytes);
  const make = (): void => {
    if (can) void send((core, serverId) => core.makeJoinLink({ serverId, order }), setMade);
  };
  const close = (): void => {
    forget(() => setMade(null));
    closeControl();
  };
  return (
    <DialogBox
      title={text.title}
      size="wide"
      onClose={close}
      footer={
        <>
          <span className="note">{text.secret}</span>
          <span className="push" />
          <Btn isBig onPress={close}>
            {words.common.close}
          </Btn>
          <Btn isBig look="first" isDisabled={!can} onPress={make}>
            {made === null ? text.make : text.makeAgain}
          </Btn>
        </>
      }
    >
      <div className="join-split">
        <Form
          className="form"
          onSubmit={(event) => {
            event.preventDefault();
            make();
          }}
        >
          <Choices
            label={text.role}
            value={order.role}
            choices={roles.map((value) => ({ value, label: text.roles[value] }))}
            onChange={takeRole}
          />
          <Field
            label={text.room}
            value={order.roomName}
            onChange={(value) => change({ roomName: value })}
            maxLength={256}
          />
          <Field
            label={text.identity}
            value={order.identity}
            onChange={(identity) => change({ identity })}
            maxLength={256}
          />
          <p className="wide note">{text.identityHint}</p>
          <Field
            label={text.name}
            value={order.name}
            onChange={(name) => change({ name })}
            placeholder={text.nameHint}
            maxLength={256}
            isFirst
          />
          <Choices
            label={text.valid}
            value={String(order.validForS)}
            choices={lengths.map((value) => ({ value, label: text.validFor[value] }))}
            onChange={(value) => change({ validForS: Number(value) })}
          />
          <input type="submit" hidden value={text.make} />
        </Form>
        <section className="rights" aria-label={text.rights}>
          <h3 className="cap">{text.rights}</h3>
          <ul>
            {text.rightsOf(joinRights[order.role]).map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
          {server?.kind === 'rehearsal' ? <p className="warn">{text.rehearsal}</p> : null}
        </section>
      </div>
      <ProblemLines problem={problem} />
      {made === null ? null : <JoinSecret key={made.token} made={made} />}
    </DialogBox>
  );
}
