import { startWords as text } from '../../text/start-messages.ts';
import { Check, Choices, Field } from '../../ui/field.tsx';
import { Fold } from '../../ui/fold.tsx';
import { PickRow } from '../../ui/pick-row.tsx';
import { WordRow } from '../../ui/word-row.tsx';
import { AddressPick } from './address-pick.tsx';
import { Finds } from './finds.tsx';
import { keysOf } from '../../text/keys-of.ts';
import { MediaFields } from './media-fields.tsx';
import { PersonPick, TrackPick } from './room-pick-rows.tsx';
import { canMixChannels, canUseWebsocket, hasTracksChoice, isToWebsocket } from './start-choice.ts';
import type { StartFieldsProps } from './start-form.tsx';

/** What is recorded: the kind, and the fields that this kind has. */
export function WhatFields(props: StartFieldsProps) {
  const { choice, change, findings } = props;
  return (
    <>
      <WordRow
        label={text.what}
        words={text.kinds}
        hints={text.kindHints}
        value={choice.kind}
        onPick={(kind) => change({ do: 'kind', kind })}
      />
      {choice.kind === 'media' || choice.kind === 'template' ? <span className="wide note">{text.needsV2}</span> : null}
      <Finds findings={findings} of={['kind']} />
      <KindFields {...props} />
      {canUseWebsocket(choice.kind) ? (
        <Choices
          label={text.to}
          value={choice.to}
          choices={[
            { value: 'outputs', label: choice.kind === 'track' ? text.tos.file : text.tos.outputs },
            { value: 'websocket', label: text.tos.websocket },
          ]}
          onChange={(to) => change({ do: 'set', part: { to } })}
        />
      ) : null}
    </>
  );
}

/** The fields that this kind has, without its outputs. */
export function KindFields(props: StartFieldsProps) {
  const { choice, change, findings } = props;
  switch (choice.kind) {
    case 'room-sound':
      return null;
    case 'room-composite':
    case 'template':
      return isToWebsocket(choice) ? null : <ProgramFields {...props} />;
    case 'web':
      return (
        <>
          <AddressPick
            label={text.page}
            use="page"
            value={choice.pageId}
            placeholder={text.noPage}
            onPick={(pageId) => change({ do: 'set', part: { pageId } })}
          />
          <TracksChoice {...props} />
          <span className="wide">
            <Check
              isOn={choice.awaitStartSignal}
              onChange={(awaitStartSignal) => change({ do: 'set', part: { awaitStartSignal } })}
            >
              {text.pageWaits}
            </Check>
          </span>
          <Finds findings={findings} of={['awaitStartSignal', 'pageId']} />
        </>
      );
    case 'participant':
      return (
        <>
          <PersonPick {...props} />
          <Choices
            label={text.takesScreen}
            value={choice.screenShare ? 'screen' : 'camera'}
            choices={[
              { value: 'camera', label: text.screens.camera },
              { value: 'screen', label: text.screens.screen },
            ]}
            onChange={(value) => change({ do: 'set', part: { screenShare: value === 'screen' } })}
          />
        </>
      );
    case 'track-composite':
      return (
        <>
          <TrackPick {...props} label={text.videoTrack} kind="video" field="videoTrackSid" isOptional />
          <TrackPick {...props} label={text.audioTrack} kind="audio" field="audioTrackSid" isOptional />
        </>
      );
    case 'track':
      return <TrackPick {...props} label={text.track} kind={isToWebsocket(choice) ? 'audio' : null} field="trackSid" />;
    case 'media':
      return <MediaFields {...props} />;
  }
}

function TracksChoice({ choice, change }: StartFieldsProps) {
  return (
    <Choices
      label={text.tracks}
      value={choice.tracks}
      choices={keysOf(text.tracksChoices).map((value) => ({ value, label: text.tracksChoices[value] }))}
      onChange={(tracks) => change({ do: 'set', part: { tracks } })}
    />
  );
}

/** Layout in sight; which of picture and sound, the channels and the template behind a fold. */
function ProgramFields(props: StartFieldsProps) {
  const { choice, change } = props;
  const hasOwnTemplate = choice.templateId !== null;
  return (
    <>
      {hasOwnTemplate ? (
        <Field
          label={text.layout}
          value={choice.layout}
          maxLength={128}
          note={text.layoutTyped}
          onChange={(layout) => change({ do: 'set', part: { layout } })}
        />
      ) : (
        <LayoutPick {...props} />
      )}
      <Fold title={text.more} now={text.moreNow(text.tracksChoices[choice.tracks], text.stockTemplate)}>
        {hasTracksChoice(choice.kind) ? <TracksChoice {...props} /> : null}
        {canMixChannels(choice) ? (
          <Choices
            label={text.mixing}
            value={choice.audioMixing}
            isStacked
            choices={keysOf(text.mixings).map((value) => ({ value, label: text.mixings[value] }))}
            onChange={(audioMixing) => change({ do: 'set', part: { audioMixing } })}
          />
        ) : null}
        <AddressPick
          label={text.template}
          use="template"
          value={choice.templateId}
          none={text.stockTemplate}
          onPick={(templateId) => change({ do: 'set', part: { templateId } })}
        />
      </Fold>
    </>
  );
}

function LayoutPick({ choice, change, findings }: StartFieldsProps) {
  const noneId = 'none'; // a list needs an id of at least one letter
  const known = keysOf(text.layouts);
  const isKnown = known.some((id) => id === choice.layout);
  return (
    <>
      <PickRow
        label={text.layout}
        value={choice.layout === '' ? noneId : choice.layout}
        items={[
          ...known.map((id) => ({
            id: id === '' ? noneId : id,
            label: text.layouts[id],
            ...(id === '' ? { detail: text.noLayoutHint } : {}),
          })),
          ...(isKnown ? [] : [{ id: choice.layout, label: choice.layout }]),
        ]}
        onPick={(id) => change({ do: 'set', part: { layout: id === noneId ? '' : id } })}
      />
      <Finds findings={findings} of={['layout']} />
    </>
  );
}
