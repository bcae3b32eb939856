import type { Job } from '../../../../shared/model/job.ts';
import type { JobDestination } from '../../../../shared/model/job-destination.ts';
import { destinationsWords as text } from '../../text/destinations-messages.ts';
import { Btn } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { MenuButton } from '../../ui/menu.tsx';
import { Private } from '../../ui/private.tsx';
import { Timer } from '../../ui/timer.tsx';
import { useNow } from '../../ui/use-now.ts';
import { openDestinations } from './destinations-view.ts';
import { stateWords, toneOf } from './destination-words.ts';
import { useDestinationCalls } from './use-destination-calls.ts';

export interface DestinationRowProps {
  readonly job: Job;
  readonly destination: JobDestination;
  readonly name: string;
  /** Whose place it takes once it is live. */
  readonly replacedName: string | null;
  readonly onTrouble: (error: unknown) => void;
  readonly onWell: () => void;
}

/** One destination: its name and state in one line; where it is in trouble, why, what is tried, and what can be done. */
export function DestinationRow(props: DestinationRowProps) {
  const { job, destination, name, replacedName } = props;
  const tone = toneOf(destination);
  return (
    <li className={tone === 'trouble' ? 'hurt' : tone === 'quiet' ? 'is-over' : ''} aria-label={name}>
      <span className="cut" title={name}>
        <bdi>{name}</bdi>
      </span>
      <State destination={destination} name={name} />
      <MoreMenu job={job} destination={destination} name={name} />
      <Notes destination={destination} replacedName={replacedName} />
      <Actions {...props} />
    </li>
  );
}

function State({ destination, name }: { readonly destination: JobDestination; readonly name: string }) {
  const nowMs = useNow();
  return (
    <span className={destination.state === 'reconnecting' ? 'state is-long' : 'state'}>
      <span className={toneOf(destination) === 'trouble' ? 'warn' : ''}>{stateWords(destination, nowMs)}</span>
      {destination.state === 'live' ? (
        <Timer className="mono" sinceMs={destination.sinceMs} label={text.liveTime(name)} />
      ) : null}
    </span>
  );
}

/** What the first line does not say. */
function Notes(props: { readonly destination: JobDestination; readonly replacedName: string | null }) {
  const { destination, replacedName } = props;
  const { state, meaning, said, tries } = destination;
  const isAway = state === 'waiting' || state === 'failed';
  const quoted = said !== '' && said !== meaning;
  const lines = [
    ...(state === 'reconnecting' ? [text.byEgressNote] : []),
    ...(state === 'waiting' && tries === 0 ? [text.queuedNote] : []),
    ...(replacedName === null ? [] : [text.replaces(replacedName)]),
  ];
  return (
    <>
      {isAway && meaning !== '' ? (
        <span className="why">
          {meaning} {tries > 1 ? text.tries(tries) : null}
          {quoted ? (
            <Private>
              <span className="sub cut" title={said}>
                {text.said(said)}
              </span>
            </Private>
          ) : null}
        </span>
      ) : null}
      {lines.map((line) => (
        <span key={line} className="why note">
          {line}
        </span>
      ))}
    </>
  );
}

/** Only where one that is away can be brought back at once: one that is at the server must be left alone. */
function Actions({ job, destination, name, onTrouble, onWell }: DestinationRowProps) {
  const calls = useDestinationCalls(job.id);
  if (!destination.canRetry) return null;
  return (
    <span className="do">
      {destination.canDrop ? (
        <Btn aria-label={text.dropOf(name)} onPress={() => void calls.drop(destination.id).then(onWell, onTrouble)}>
          {text.drop}
        </Btn>
      ) : null}
      <Btn
        look="trouble"
        aria-label={text.retryOf(name)}
        onPress={() => void calls.retry(destination.id).then(onWell, onTrouble)}
      >
        {text.retry}
      </Btn>
    </span>
  );
}

function MoreMenu(props: { readonly job: Job; readonly destination: JobDestination; readonly name: string }) {
  const { job, destination, name } = props;
  if (!destination.canDrop || destination.canRetry) return null;
  const at = { jobId: job.id, destinationId: destination.id };
  return (
    <MenuButton
      label={text.more(name)}
      trigger={
        <Btn look="quiet" isIcon aria-label={text.more(name)}>
          <Icon name="more" />
        </Btn>
      }
      entries={[
        {
          id: 'replace',
          label: text.replace,
          onAction: () => openDestinations({ name: 'add', jobId: job.id, replaces: destination.id }),
        },
        { id: 'drop', label: text.dropAsk, onAction: () => openDestinations({ name: 'drop', ...at }) },
      ]}
    />
  );
}
