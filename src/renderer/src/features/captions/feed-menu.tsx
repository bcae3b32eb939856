import { Header, Menu, MenuItem, MenuSection, MenuTrigger, Popover, type Selection } from 'react-aria-components';
import { useStore } from 'zustand';
import type { FeedKind } from '../../../../shared/model/captions.ts';
import { captionsWords, languageName } from '../../text/captions-messages.ts';
import { keysOf } from '../../text/keys-of.ts';
import { Btn } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { captionsView, setOptions } from './captions-view.ts';

const feeds: readonly FeedKind[] = ['direct', 'track-socket'];
const codes = keysOf(captionsWords.languages);
const anyId = 'any'; // a menu item needs an id of at least one letter
const moreId = 'more';

const firstOf = (chosen: Selection): string => (chosen === 'all' ? '' : String([...chosen][0] ?? ''));

/** Which sound the next session listens to, in which languages, and what the transcriber is told before. */
export function FeedMenu() {
  const { feed, language, otherLanguages, vocabulary } = useStore(captionsView, (state) => state.options);
  const spoken = language === '' ? captionsWords.anyShort : [language, ...otherLanguages].join(' ');
  const told = vocabulary.length === 0 ? [] : [captionsWords.told.words(vocabulary.length)];
  const shown = [spoken, captionsWords.feedShort[feed], ...told].join(' · ');
  const takeFeed = (chosen: Selection): void => {
    const next = feeds.find((each) => each === firstOf(chosen));
    if (next) setOptions({ feed: next });
  };
  const takeLanguage = (chosen: Selection): void => {
    const id = firstOf(chosen);
    setOptions({ language: id === anyId ? '' : id });
  };
  return (
    <MenuTrigger>
      <Btn look="quiet" aria-label={captionsWords.optionsOf(shown, languageName(language), captionsWords.feeds[feed])}>
        {shown}
        <Icon name="chev" isSmall />
      </Btn>
      <Popover className="popover" placement="bottom end" maxHeight={360}>
        <Menu className="menu" aria-label={captionsWords.options}>
          <MenuItem id={moreId} className="menu-item" onAction={() => captionsView.setState({ isAskingOptions: true })}>
            {captionsWords.told.open}
          </MenuItem>
          <MenuSection selectionMode="single" disallowEmptySelection selectedKeys={[feed]} onSelectionChange={takeFeed}>
            <Header className="menu-head cap">{captionsWords.feed}</Header>
            {feeds.map((id) => (
              <MenuItem key={id} id={id} className="menu-item" textValue={captionsWords.feeds[id]}>
                <span>{captionsWords.feeds[id]}</span>
                <Chosen isChosen={id === feed} />
                <span className="sub">{captionsWords.feedHints[id]}</span>
              </MenuItem>
            ))}
          </MenuSection>
          <MenuSection
            selectionMode="single"
            disallowEmptySelection
            selectedKeys={[language === '' ? anyId : language]}
            onSelectionChange={takeLanguage}
          >
            <Header className="menu-head cap">{captionsWords.language}</Header>
            {codes.map((code) => (
              <MenuItem
                key={code}
                id={code === '' ? anyId : code}
                className="menu-item"
                textValue={captionsWords.languages[code]}
              >
                <span>{captionsWords.languages[code]}</span>
                <Chosen isChosen={code === language} />
              </MenuItem>
            ))}
          </MenuSection>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

function Chosen({ isChosen }: { readonly isChosen: boolean }) {
  return isChosen ? <Icon name="tick" isSmall /> : <span />;
}
