import { useEffect, useMemo, useRef } from 'react';
import { Input, SearchField } from 'react-aria-components';
import { useStore } from 'zustand';
import { keysText } from '../../commands/use-keys.ts';
import { transcriptStore } from '../../stores/transcript.ts';
import { captionsWords } from '../../text/captions-messages.ts';
import { Btn } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { captionsView, closeFind, openFind } from './captions-view.ts';
import { matchingRows, patternOf } from './find-matches.ts';
import { joinedGaps } from './joined-gaps.ts';

const text = captionsWords.find;

/** The Find button, or the field that it opens. */
export function Find() {
  const isOpen = useStore(captionsView, (state) => state.find !== null);
  return isOpen ? (
    <FindBar />
  ) : (
    <Btn onPress={openFind} aria-keyshortcuts="Control+F">
      <Icon name="find" isSmall />
      {text.button} <kbd className="w-opt">{keysText('Mod+F')}</kbd>
    </Btn>
  );
}

function FindBar() {
  const field = useRef<HTMLInputElement>(null);
  const find = useStore(captionsView, (state) => state.find) ?? { query: '', at: 0, asked: 0 };
  const kept = useStore(transcriptStore, (state) => state.kept);
  const count = useMemo(() => matchingRows(joinedGaps(kept), patternOf(find.query)).length, [kept, find.query]);
  useEffect(() => field.current?.select(), [find.asked]);
  const go = (step: 1 | -1): void => {
    if (count > 0) captionsView.setState({ find: { ...find, at: ((find.at % count) + step + count) % count } });
  };
  return (
    <search className="find-bar" aria-label={text.label}>
      <SearchField
        aria-label={text.label}
        value={find.query}
        onChange={(query) => captionsView.setState({ find: { ...find, query, at: 0 } })}
        onKeyDown={(event) => {
          if (event.key === 'Escape') closeFind();
          else if (event.key === 'Enter') go(event.shiftKey ? -1 : 1);
          else event.continuePropagation();
        }}
      >
        <Input ref={field} className="field" placeholder={text.placeholder} />
      </SearchField>
      <output className="note">
        {find.query.trim() === '' ? '' : text.count((find.at % Math.max(1, count)) + 1, count)}
      </output>
      <Btn isIcon look="quiet" aria-label={text.previous} isDisabled={count === 0} onPress={() => go(-1)}>
        <span className="up">
          <Icon name="chev" isSmall />
        </span>
      </Btn>
      <Btn isIcon look="quiet" aria-label={text.next} isDisabled={count === 0} onPress={() => go(1)}>
        <Icon name="chev" isSmall />
      </Btn>
      <Btn isIcon look="quiet" aria-label={text.close} onPress={closeFind}>
        <Icon name="cross" isSmall />
      </Btn>
    </search>
  );
}
