import { Header, Menu, MenuItem, MenuSection, MenuTrigger, Popover, type Selection } from 'react-aria-components';
import { useStore } from 'zustand';
import type { FeedKind } from '../../../../shared/model/captions.ts';
import { captionsWords, type LanguageCode } from '../../text/captions-messages.ts';
import { Btn } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { captionsView } from './captions-view.ts';

const feeds: readonly FeedKind[] = ['direct', 'track-socket'];
const codes = Object.keys(captionsWords.languages) as LanguageCode[]; // the keys of a literal are its own
const anyId = 'any'; // a menu item needs an id of at least one letter

const firstOf = (chosen: Selection): string => (chosen === 'all' ? '' : String([...chosen][0] ?? ''));

/** Which sound the next session listens to, and in which language. */
export function FeedMenu() {
  const feed = useStore(captionsView, (state) => state.feed);
  const language = useStore(captionsView, (state) => state.language);
  const shown = `${language === '' ? captionsWords.anyShort : language} · ${captionsWords.feedShort[feed]}`;
  const takeFeed = (chosen: Selection): void => {
    const next = feeds.find((each) => each === firstOf(chosen));
    if (next) captionsView.setState({ feed: next });
  };
  const takeLanguage = (chosen: Selection): void => {
    const id = firstOf(chosen);
    const next = codes.find((code) => (code === '' ? anyId : code) === id);
    if (next !== undefined) captionsView.setState({ language: next });
  };
  return (
    <MenuTrigger>
      <Btn
        look="quiet"
        aria-label={captionsWords.optionsOf(shown, captionsWords.languages[language], captionsWords.feeds[feed])}
      >
        {shown}
        <Icon name="chev" isSmall />
      </Btn>
      <Popover className="popover" placement="bottom end" maxHeight={360}>
        <Menu className="menu" aria-label={captionsWords.options}>
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
