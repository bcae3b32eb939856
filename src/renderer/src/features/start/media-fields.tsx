import { startWords as text } from '../../text/start-messages.ts';
import { Btn } from '../../ui/button.tsx';
import { Choices } from '../../ui/field.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Pick } from '../../ui/pick.tsx';
import { Finds } from './finds.tsx';
import { keysOf } from '../../text/keys-of.ts';
import { PersonPick, TrackPick } from './room-pick-rows.tsx';
import { peoplePicks, trackPicks, type PickLine } from './room-picks.ts';
import { isComplete } from './request-of.ts';
import { isToWebsocket, type AudioRoute } from './start-choice.ts';
import type { StartFieldsProps } from './start-form.tsx';
import { usePeople } from './use-people.ts';

const words = text.routes;
const maxRoutes = 32;
const emptyRoute: AudioRoute = { match: { by: 'identity', identity: '' }, channel: 'both' };

/** Picture by person or track, sound of everybody or by routes. */
export function MediaFields(props: StartFieldsProps) {
  const { choice, change, findings } = props;
  const hasVideo = !isToWebsocket(choice);
  return (
    <>
      {hasVideo ? (
        <Choices
          label={text.videoBy}
          value={choice.videoBy}
          choices={keysOf(text.videoBys).map((value) => ({ value, label: text.videoBys[value] }))}
          onChange={(videoBy) => change({ do: 'set', part: { videoBy } })}
        />
      ) : null}
      {hasVideo && choice.videoBy === 'participant' ? (
        <>
          <PersonPick {...props} />
          <Choices
            label={text.takesScreen}
            value={choice.screenShare ? 'screen' : 'camera'}
            choices={[
              { value: 'camera', label: text.prefersScreen.camera },
              { value: 'screen', label: text.prefersScreen.screen },
            ]}
            onChange={(value) => change({ do: 'set', part: { screenShare: value === 'screen' } })}
          />
        </>
      ) : null}
      {hasVideo && choice.videoBy === 'track' ? (
        <TrackPick {...props} label={text.track} kind="video" field="videoTrackSid" />
      ) : null}
      <Choices
        label={text.audioBy}
        value={choice.audioBy}
        choices={keysOf(text.audioBys).map((value) => ({ value, label: text.audioBys[value] }))}
        onChange={(audioBy) =>
          change({
            do: 'set',
            part: audioBy === 'routes' && choice.routes.length === 0 ? { audioBy, routes: [emptyRoute] } : { audioBy },
          })
        }
      />
      {choice.audioBy === 'routes' ? <Routes {...props} /> : null}
      <Finds findings={findings} of={['audio']} />
    </>
  );
}

/** Each route: who, and on which channel. */
function Routes({ choice, change }: StartFieldsProps) {
  const people = usePeople();
  const set = (routes: readonly AudioRoute[]): void => change({ do: 'set', part: { routes } });
  const put = (index: number, route: AudioRoute): void =>
    set(choice.routes.map((each, at) => (at === index ? route : each)));
  return (
    <ul className="wide rows" aria-label={words.label}>
      {choice.routes.map((route, index) => {
        const n = index + 1;
        const chosen = isComplete(route) ? idOf(route) : null;
        const lines: PickLine[] = [
          ...keysOf(words.kinds).map((kind) => ({ id: `kind:${kind}`, label: words.kinds[kind] })),
          ...prefixed('identity:', peoplePicks(people, route.match.by === 'identity' ? route.match.identity : null)),
          ...prefixed('track:', trackPicks(people, 'audio', route.match.by === 'track' ? route.match.trackSid : null)),
        ];
        return (
          <li key={index} className="row">
            <Pick
              label={words.who(n)}
              className="field"
              value={chosen}
              placeholder={words.pick}
              items={lines}
              onPick={(id) => put(index, { ...route, match: matchOf(id) })}
            />
            <Pick
              label={words.channel(n)}
              className="field"
              value={route.channel}
              items={keysOf(words.channels).map((id) => ({ id, label: words.channels[id] }))}
              onPick={(id) => {
                const channel = keysOf(words.channels).find((each) => each === id);
                if (channel) put(index, { ...route, channel });
              }}
            />
            <Btn
              look="quiet"
              isIcon
              aria-label={words.remove(n)}
              isDisabled={choice.routes.length === 1}
              onPress={() => set(choice.routes.filter((_each, at) => at !== index))}
            >
              <Icon name="cross" isSmall />
            </Btn>
          </li>
        );
      })}
      <li>
        <Btn isDisabled={choice.routes.length >= maxRoutes} onPress={() => set([...choice.routes, emptyRoute])}>
          {words.add}
        </Btn>
      </li>
    </ul>
  );
}

const prefixed = (prefix: string, lines: readonly PickLine[]): PickLine[] =>
  lines.map((line) => ({ ...line, id: `${prefix}${line.id}` }));

function idOf({ match }: AudioRoute): string {
  if (match.by === 'kind') return `kind:${match.participantKind}`;
  return match.by === 'track' ? `track:${match.trackSid}` : `identity:${match.identity}`;
}

function matchOf(id: string): AudioRoute['match'] {
  const at = id.indexOf(':');
  const value = id.slice(at + 1);
  if (id.startsWith('track:')) return { by: 'track', trackSid: value };
  const participantKind = keysOf(words.kinds).find((kind) => id === `kind:${kind}`);
  return participantKind ? { by: 'kind', participantKind } : { by: 'identity', identity: value };
}
